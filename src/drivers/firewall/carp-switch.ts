import type { Clock } from '../../ports/clock.ts'
import type { CarpSwitch, HaReader } from '../../ports/firewall.ts'
import type { RequestInterval } from '../../ports/hypervisor.ts'
import { refusal } from './refusal.ts'

const pollMs = 200

/** How a way in turns CARP off and on; `withinMs` is how long the node may take until its state shows it. */
export interface SwitchParts {
  haReader: HaReader
  set(node: string, on: boolean, signal: AbortSignal): Promise<RequestInterval>
  withinMs: number
  clock: Clock
}

/** CARP off and on, idempotent, and verified: `allow`, and VHIDs on the interfaces where it is on. */
export function carpSwitch({ haReader, set, withinMs, clock }: SwitchParts): CarpSwitch {
  const isTurned = async (node: string, on: boolean, signal: AbortSignal) => {
    const { allow, vhids } = await haReader.read(node, signal)
    return allow === on && vhids.length > 0 === on
  }
  const turn = async (node: string, on: boolean, signal: AbortSignal): Promise<RequestInterval> => {
    const askedMs = clock.nowMs()
    if (await isTurned(node, on, signal)) return { sentMs: askedMs, ackedMs: clock.nowMs() }
    const interval = await set(node, on, signal)
    const untilMs = clock.nowMs() + withinMs
    while (!(await isTurned(node, on, signal))) {
      if (clock.nowMs() >= untilMs) throw notTurned(node, on)
      await clock.sleep(pollMs, signal)
    }
    return interval
  }
  return { disable: (node, signal) => turn(node, false, signal), enable: (node, signal) => turn(node, true, signal) }
}

const notTurned = (node: string, on: boolean) =>
  on
    ? refusal('no-effect', `expected CARP of ${node} to be allowed and its VHIDs on their interfaces, they are not`)
    : refusal('no-effect', `expected CARP of ${node} to be off and its VHIDs off their interfaces, they are not`)
