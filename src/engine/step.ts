import type { Aim, Fault } from '../faults/fault.ts'
import type { PlannedStep } from '../model/plan.ts'
import { followArrival } from './arrival.ts'
import type { Drill } from './drill.ts'
import { recordRoundTrips } from './round-trips.ts'
import { resolveTargets } from './target-resolution.ts'
import { toolsOf } from './undo-stack.ts'
import type { UndoStack } from './undo-stack.ts'
import { waitUntilSettled } from './gate.ts'

const pollMs = 100
/** A command that has gone out is waited for even when the drill is interrupted: an undo that overtakes it would undo nothing. */
const commandWithinMs = 60_000
/** Of steps that were planned without one. */
const noCapMs = 86_400_000
/** A heal may have to wait for what only time mends, like a bulk update of state sync. */
const healWithinMs = 120_000

/** Carries out one step and observes it. False when it had no proven effect: what follows would mean nothing. */
export async function runStep(
  drill: Drill,
  undos: UndoStack,
  step: PlannedStep,
  signal: AbortSignal,
): Promise<boolean> {
  const { recorder } = drill
  const { name, action, fault, of, silences } = step
  const told = silences === undefined ? {} : { silences }
  recorder.record({ type: 'step-started', step: name, action, kind: fault.kind, of, ...told })
  const proven = action === 'fault' ? await begin(drill, undos, step, signal) : await heal(drill, undos, step)
  const end = proven ? await observe(drill, step, signal) : 'aborted'
  if (end === 'recovered' && step.holdForMs !== undefined) await hold(drill, step.holdForMs, signal)
  recorder.record({ type: 'step-ended', step: step.name, end })
  return proven
}

async function begin(drill: Drill, undos: UndoStack, step: PlannedStep, signal: AbortSignal): Promise<boolean> {
  const begun = await inject(drill, undos, step, signal)
  if (begun === null || !(await injectAlso(drill, undos, step, signal))) return false
  await followArrival(drill, step, begun, signal)
  await recordRoundTrips(drill, step, begun, signal)
  return true
}

/** Null where it had no proven effect. */
async function inject(
  drill: Drill,
  undos: UndoStack,
  step: PlannedStep,
  signal: AbortSignal,
): Promise<{ fault: Fault; aim: Aim } | null> {
  const { recorder } = drill
  const fault = drill.faults[step.fault.kind]
  if (fault === undefined) return null
  const machines = resolveTargets(drill, step.refs)
  for (const ref of step.refs)
    recorder.record({ type: 'targets-resolved', step: step.name, ref, machines: resolveTargets(drill, [ref]) })
  const warning = fault.warns?.({ machines, params: step.fault.params }) ?? null
  if (warning !== null) recorder.record({ type: 'problem', where: `step ${step.name}`, message: warning })
  const aim = await prepared(drill, fault, { machines, params: step.fault.params }, signal)
  const what = `${step.fault.kind} on ${machines.join(', ')}`
  await undos.push(
    { ...aim, id: step.name, kind: step.fault.kind, lab: drill.label, what },
    fault,
    step.maxDurationMs ?? noCapMs,
    signal,
  )
  signal.throwIfAborted()
  const interval = await fault.begin(aim, toolsOf(drill, AbortSignal.timeout(commandWithinMs)))
  recorder.record({ type: 'injected', step: step.name, ...interval, machines })
  const effect = await fault.verifyBegun(aim, toolsOf(drill, signal))
  recorder.record({ type: 'effect', step: step.name, ...effect })
  return effect.proven ? { fault, aim } : null
}

async function prepared(drill: Drill, fault: Fault, aim: Aim, signal: AbortSignal): Promise<Aim> {
  return (await fault.prepare?.(aim, drill.plan.lab, toolsOf(drill, signal))) ?? aim
}

/** The further faults of a step, each at its time after the one before it. What became of them is told in words; one that is not proven ends the step. */
async function injectAlso(drill: Drill, undos: UndoStack, step: PlannedStep, signal: AbortSignal): Promise<boolean> {
  const { recorder, clock } = drill
  for (const [index, { afterMs, fault: use, refs }] of (step.also ?? []).entries()) {
    const fault = drill.faults[use.kind]
    if (fault === undefined) return false
    await clock.sleep(afterMs, signal)
    const machines = resolveTargets(drill, refs)
    const aim = await prepared(drill, fault, { machines, params: use.params }, signal)
    const what = `${use.kind} on ${machines.join(', ')}`
    const undo = { ...aim, id: alsoId(step.name, index), kind: use.kind, lab: drill.label, what }
    await undos.push(undo, fault, step.maxDurationMs ?? noCapMs, signal)
    signal.throwIfAborted()
    const interval = await fault.begin(aim, toolsOf(drill, AbortSignal.timeout(commandWithinMs)))
    recorder.record({ type: 'injected-also', step: step.name, kind: use.kind, ...interval, machines })
    const effect = await fault.verifyBegun(aim, toolsOf(drill, signal))
    recorder.record({ type: 'progress', text: `${step.name}: ${what} as well: ${effect.evidence}` })
    if (effect.proven) continue
    recorder.record({ type: 'effect', step: step.name, ...effect })
    return false
  }
  return true
}

const alsoId = (step: string, index: number): string => `${step}+${index + 1}`

/** Traffic goes on, and counts for the step that has recovered. */
async function hold({ clock, recorder }: Drill, forMs: number, signal: AbortSignal): Promise<void> {
  recorder.record({ type: 'progress', text: `holds for ${forMs / 1000} s` })
  await clock.sleep(forMs, signal)
}

async function heal(drill: Drill, undos: UndoStack, step: PlannedStep): Promise<boolean> {
  for (const index of [...(step.also ?? []).keys()].toReversed()) {
    const further = await undos.heal(alsoId(step.of, index), AbortSignal.timeout(healWithinMs))
    if (further !== null && !further.effect.proven) {
      drill.recorder.record({ type: 'effect', step: step.name, ...further.effect })
      return false
    }
  }
  const healed = await undos.heal(step.of, AbortSignal.timeout(healWithinMs))
  if (healed === null) return false
  drill.recorder.record({ type: 'healed', step: step.name, ...healed.interval, machines: healed.machines })
  drill.recorder.record({ type: 'effect', step: step.name, ...healed.effect })
  return healed.effect.proven
}

/** Watches until the traffic has recovered for good (after a heal: until the pair is settled, too), or the limit is up. */
async function observe(drill: Drill, step: PlannedStep, signal: AbortSignal): Promise<'recovered' | 'expired'> {
  const { clock, traffic } = drill
  const startMs = clock.nowMs()
  const leftMs = () => step.recoverWithinMs - (clock.nowMs() - startMs)
  if (
    step.action === 'heal' &&
    !(await waitUntilSettled(drill, { phase: 'after', withinMs: leftMs(), hasTraffic: true }, signal))
  )
    return 'expired'
  while (leftMs() > 0) {
    if (traffic.recoveredAt(step.name, clock.nowMs()) !== null) return 'recovered'
    await clock.sleep(pollMs, signal)
  }
  return 'expired'
}
