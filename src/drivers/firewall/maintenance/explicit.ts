import type { HaState } from '../../../model/ha-state.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { HaReader, MaintenanceControl } from '../../../ports/firewall.ts'
import type { RequestInterval } from '../../../ports/hypervisor.ts'
import { refusal } from '../refusal.ts'

/** The parts of a way in that the maintenance of pfSense is made of. `set` is explicit, and idempotent by itself. */
export interface ExplicitMaintenance {
  haReader: HaReader
  set(node: string, on: boolean, signal: AbortSignal): Promise<RequestInterval>
  clock: Clock
}

const maintenanceSkew = 254
const pollMs = 200
const verifyWithinMs = 5000

/** Persistent maintenance of pfSense: the flag, and skew 254 on every VHID while demotion stays as it is. Both are verified. */
export function explicitMaintenance({ haReader, set, clock }: ExplicitMaintenance): MaintenanceControl {
  const turn = async (node: string, on: boolean, signal: AbortSignal): Promise<RequestInterval> => {
    const askedMs = clock.nowMs()
    if (isTurned(await haReader.read(node, signal), on)) return { sentMs: askedMs, ackedMs: clock.nowMs() }
    const { sentMs, ackedMs } = await set(node, on, signal)
    const untilMs = clock.nowMs() + verifyWithinMs
    for (;;) {
      const state = await haReader.read(node, signal)
      if (isTurned(state, on)) return { sentMs, ackedMs }
      if (clock.nowMs() >= untilMs) throw notTurned(node, state, on)
      await clock.sleep(pollMs, signal)
    }
  }
  return { enter: (node, signal) => turn(node, true, signal), leave: (node, signal) => turn(node, false, signal) }
}

/** A way in that does not show skews is believed on the flag. */
const isTurned = ({ maintenance, vhids }: HaState, on: boolean) =>
  maintenance === on && vhids.every(({ advskew }) => advskew === null || (advskew === maintenanceSkew) === on)

function notTurned(node: string, { maintenance, vhids }: HaState, on: boolean) {
  const skews = vhids.map(({ vhid, advskew }) => `VHID ${vhid} skew ${advskew}`).join(', ')
  const flag = maintenance === null ? 'unknown' : maintenance ? 'set' : 'unset'
  const expected = on ? `set and skew ${maintenanceSkew} everywhere` : `unset and no skew ${maintenanceSkew}`
  return refusal('no-effect', `expected the maintenance flag of ${node} ${expected}, came flag ${flag}, ${skews}`)
}
