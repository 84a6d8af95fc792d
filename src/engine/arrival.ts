import type { Aim, Fault } from '../faults/fault.ts'
import type { PlannedStep } from '../model/plan.ts'
import type { Drill } from './drill.ts'
import { toolsOf } from './undo-stack.ts'

const pollMs = 100

/** Looks again and again whether what a fault has set off has arrived, until it has or the step's time is up; each look is recorded. */
export async function followArrival(
  drill: Drill,
  step: PlannedStep,
  { fault, aim }: { fault: Fault; aim: Aim },
  signal: AbortSignal,
): Promise<void> {
  const { clock, recorder } = drill
  if (fault.arrived === undefined) return
  const untilMs = clock.nowMs() + step.recoverWithinMs
  while (clock.nowMs() < untilMs) {
    const sentMs = clock.nowMs()
    const { node, isThere } = await fault.arrived(aim, toolsOf(drill, signal))
    recorder.record({ type: 'config-seen', step: step.name, node, sentMs, ackedMs: clock.nowMs(), isThere })
    if (isThere === true) return
    await clock.sleep(pollMs, signal)
  }
}
