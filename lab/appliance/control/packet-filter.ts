import { readStates, type State } from '../commands/state-text.ts'
import { run } from '../system/run.ts'
import type { FilterControl } from './control.ts'

// While pf is off nothing makes or looks for a state, so nothing is translated, and state sync neither sends nor hears.
const offTable = 'pf_off'
const off = `table inet ${offTable} {
  chain in {
    type filter hook prerouting priority -310; policy accept
    meta l4proto 240 drop
    notrack
  }
  chain out {
    type filter hook output priority -310; policy accept
    meta l4proto 240 drop
    notrack
  }
}
`
const addressOrNetwork = /^[0-9a-fA-F.:]+(\/\d{1,3})?$/

/** pf by nftables and conntrack: off, its tables sleep; they may be changed meanwhile. */
export function createFilterControl(): FilterControl {
  let isEnabled = true
  return {
    isEnabled: () => isEnabled,
    disable: async () => {
      if (!isEnabled) return
      await setDormant(true)
      isEnabled = false
    },
    enable: async () => {
      if (isEnabled) return
      await setDormant(false)
      isEnabled = true
    },
    states: readStates,
    kill,
    killId,
    flush: async () => void (await run('conntrack', ['-F'])),
  }
}

async function setDormant(isOff: boolean): Promise<void> {
  const { output } = await run('nft', ['list', 'tables'])
  const tables = [...output.matchAll(/^table (\w+ \w+)$/gm)].flatMap(([, name]) => name ?? [])
  const ours = tables.filter((name) => name !== `inet ${offTable}`)
  const changed = ours.map((name) => `add table ${name} { ${isOff ? 'flags dormant;' : ''} }`.replace(' {  }', ''))
  const rest = isOff ? off : `delete table inet ${offTable}\n`
  const { status, output: complaint } = await run('nft', ['-f', '-'], `${changed.join('\n')}\n${rest}`)
  if (status !== 0) throw new Error(`pf: ${complaint.trim()}`)
}

async function kill(wanted: string): Promise<number> {
  if (!addressOrNetwork.test(wanted)) throw new Error(`expected an address or a network, got ${wanted}`)
  const family = wanted.includes(':') ? 'ipv6' : 'ipv4'
  let count = 0
  for (const side of ['--orig-src', '--orig-dst', '--reply-src', '--reply-dst']) {
    const { output } = await run('conntrack', ['-D', '-f', family, side, wanted])
    count += Number(/: (\d+) flow entries have been deleted/.exec(output)?.[1] ?? 0)
  }
  return count
}

async function killId(id: string, creator: string): Promise<boolean> {
  const found = (await readStates()).find((state) => state.id === id && state.creator === creator)
  if (found === undefined) return false
  const { status } = await run('conntrack', ['-D', ...tupleOf(found)])
  return status === 0
}

function tupleOf({ proto, source, destination, family }: State): string[] {
  const [from, to] = [endOf(source), endOf(destination)]
  const ports = proto === 'tcp' || proto === 'udp' ? ['--sport', from.port, '--dport', to.port] : []
  return ['-f', family === 'inet6' ? 'ipv6' : 'ipv4', '-p', proto, '-s', from.address, '-d', to.address, ...ports]
}

/** `10.0.0.1:80` or `2001:db8::1[80]`. */
function endOf(text: string): { address: string; port: string } {
  const [, address = text, port = ''] = /^(.*?)[:[](\d+)\]?$/.exec(text) ?? []
  return { address, port }
}
