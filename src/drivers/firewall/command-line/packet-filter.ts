import type { PacketFilter } from '../../../ports/firewall.ts'
import type { RequestInterval } from '../../../ports/hypervisor.ts'
import { parsePfInfo } from '../freebsd/pf-info.ts'
import { refusal } from '../refusal.ts'
import type { Commander } from './commander.ts'

/** pf by `pfctl -d` and `-e`, which complain where there is nothing to change: so it is asked first. */
export function commandPacketFilter(commander: Commander): PacketFilter {
  const read = async (node: string, signal: AbortSignal) => {
    const { text, sentMs, ackedMs } = await commander.run(node, 'pfctl -si', 'tell whether pf is on', signal)
    return { isEnabled: parsePfInfo(text).isEnabled, sentMs, ackedMs }
  }
  const turn = async (node: string, on: boolean, signal: AbortSignal): Promise<RequestInterval> => {
    const before = await read(node, signal)
    if (before.isEnabled === on) return { sentMs: before.sentMs, ackedMs: before.ackedMs }
    const [command, words] = on ? ['pfctl -e', 'on'] : ['pfctl -d', 'off']
    const { sentMs, ackedMs } = await commander.run(node, command, `turn pf ${words}`, signal)
    if ((await read(node, signal)).isEnabled === on) return { sentMs, ackedMs }
    throw refusal('no-effect', `expected pf of ${node} to be ${words} after ${command}, it is not`)
  }
  return {
    disable: (node, signal) => turn(node, false, signal),
    enable: (node, signal) => turn(node, true, signal),
    isEnabled: async (node, signal) => (await read(node, signal)).isEnabled,
  }
}
