import { run } from '../system/run.ts'
import type { TunnelAddresses } from './tunnel.ts'

/** `netstat -s -p pfsync`, as far as it counts here. */
export type PfsyncCounters = { received: number; sent: number; badVersion: number; sendErrors: number }

/**
 * A table of its own that counts what comes and goes on pfsync0 and drops what another version sent, which comes from
 * another network inside. A mute node sends nothing, not even a request.
 */
export function renderWireRules({ own }: TunnelAddresses, isMute: boolean): string {
  return `table inet pfsync {
  counter received { }
  counter bad_version { }
  counter sent { }
  chain in {
    type filter hook prerouting priority -320; policy accept
    iifname != "pfsync0" accept
    counter name received
    ip daddr != ${own} counter name bad_version drop
  }
  chain out {
    type filter hook output priority -320; policy accept
    oifname "pfsync0" counter name sent${isMute ? ' drop' : ''}
  }
}
`
}

/** Reads `nft list counters table inet pfsync`. */
export function parseCounters(text: string): PfsyncCounters {
  const packets = (name: string): number =>
    Number(new RegExp(`counter ${name} \\{\\s+packets (\\d+)`).exec(text)?.[1] ?? 0)
  return { received: packets('received'), sent: packets('sent'), badVersion: packets('bad_version'), sendErrors: 0 }
}

/** Loads the table. */
export async function loadWireRules(addresses: TunnelAddresses, isMute: boolean): Promise<void> {
  const { status, output } = await run('nft', ['-f', '-'], renderWireRules(addresses, isMute))
  if (status !== 0) throw new Error(`pfsync: nft refuses its counters: ${output.trim()}`)
}

/** The counters as they are now. */
export async function readCounters(): Promise<PfsyncCounters> {
  const { output } = await run('nft', ['list', 'counters', 'table', 'inet', 'pfsync'])
  return parseCounters(output)
}
