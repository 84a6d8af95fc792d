import type { Aim, Fault } from '../faults/fault.ts'
import type { PlannedStep } from '../model/plan.ts'
import type { Drill } from './drill.ts'
import { toolsOf } from './undo-stack.ts'

/** Has a step that asks for round trips measure them, and records what came back. */
export async function recordRoundTrips(
  drill: Drill,
  step: PlannedStep,
  { fault, aim }: { fault: Fault; aim: Aim },
  signal: AbortSignal,
): Promise<void> {
  const { clock, recorder } = drill
  if (fault.roundTrips === undefined) return
  const sentMs = clock.nowMs()
  const told = await fault.roundTrips(aim, toolsOf(drill, signal))
  recorder.record({ type: 'round-trips', step: step.name, sentMs, ackedMs: clock.nowMs(), ...told })
}
