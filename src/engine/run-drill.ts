import { hasteOf, reasonOf } from '../model/failure.ts'
import { runCapMs } from '../plan/caps.ts'
import type { Captures } from '../ports/capture.ts'
import type { Vantage } from '../ports/vantage.ts'
import type { Drill } from './drill.ts'
import { firewallsOf } from './drill.ts'
import { waitForCleanTraffic, waitUntilSettled } from './gate.ts'
import { watchLogs } from './log-watch.ts'
import type { LogWatch } from './log-watch.ts'
import { openHalt } from './halt.ts'
import type { Halt } from './halt.ts'
import { startMachines } from './machines.ts'
import { takePictures } from './pictures.ts'
import { watchRoles } from './role-watch.ts'
import { runStep } from './step.ts'
import { watchStops } from './stop-condition.ts'
import { openUndoStack } from './undo-stack.ts'
import type { UndoStack } from './undo-stack.ts'

type DrillOutcome = 'completed' | 'aborted' | 'interrupted'

/** How a drill ended. `leftToUndo` names undos that failed: something is still broken. */
export interface DrillEnd {
  outcome: DrillOutcome
  reason: string
  leftToUndo: string[]
}

/**
 * The whole life of a drill:
 *  1. start the machines and read their versions   2. watch the roles of both firewalls, listen to their advertisements
 *  3. wait until the pair is settled
 *  4. open the streams and wait for clean traffic  5. run each step                       6. verify the steady state again
 *  7. on every way out: undo what is still owed, close the streams, write the last fact.
 * Never throws for what happens during the drill: it is recorded, and judged from the recording.
 */
export async function runDrill(drill: Drill, signal: AbortSignal): Promise<DrillEnd> {
  const watch = new AbortController()
  const halt = openHalt(drill.clock, watch.signal)
  const undos = openUndoStack(drill, halt)
  const maxMs = runCapMs(drill.plan.scenario)
  halt.after(maxMs, `the run has lasted ${maxMs / 1000} s, which is its limit`)
  const logs = watchLogs(drill)
  const running: Running = { vantages: [], captures: null, logs, reads: [] }
  const stop = AbortSignal.any([signal, halt.signal])
  const end = await conduct(drill, { undos, running, halt, watching: watch.signal }, stop).catch((error: unknown) =>
    failed(drill, { signal, halt }, error),
  )
  const leftToUndo = await undos.undoAll()
  await Promise.race([closed(drill, running), hasteToEnd(signal)])
  watch.abort()
  drill.recorder.record({ type: 'run-ended', ...end, endedAt: new Date().toISOString() })
  return { ...end, leftToUndo }
}

/** Ends what measures, and reads what it has measured last. */
async function closed(drill: Drill, { vantages, captures, logs, reads }: Running): Promise<void> {
  for (const vantage of vantages) await vantage.stop().catch((error: unknown) => note(drill, 'closing streams', error))
  await Promise.all([captures?.stop(), logs.compareClocks().then(logs.read), ...reads])
}

/** Resolves when somebody who has interrupted the drill asks for its end once more. */
function hasteToEnd(signal: AbortSignal): Promise<void> {
  const haste = hasteOf(signal)
  return new Promise((resolve) => {
    if (haste.aborted) resolve()
    haste.addEventListener('abort', () => resolve(), { once: true })
  })
}

interface Course {
  undos: UndoStack
  running: Running
  halt: Halt
  watching: AbortSignal
}

/** What runs beside the steps, and has to be closed whatever becomes of them. */
interface Running {
  vantages: Vantage[]
  captures: Captures | null
  logs: LogWatch
  /** Readings of logs that are under way. */
  reads: Promise<void>[]
}

async function conduct(
  drill: Drill,
  { undos, running, halt, watching }: Course,
  signal: AbortSignal,
): Promise<Omit<DrillEnd, 'leftToUndo'>> {
  const withinMs = drill.plan.scenario.gate.settleWithinMs
  await boot(drill, signal)
  for (const node of firewallsOf(drill)) void watchRoles(drill, node, watching)
  running.captures = (await drill.startCaptures?.(drill.plan.lab, drill.plan.vantages, signal)) ?? null
  running.reads.push(running.logs.compareClocks())
  if (!(await waitUntilSettled(drill, { phase: 'before', withinMs, hasTraffic: false }, signal)))
    return aborted('the pair did not settle')
  await takePictures(drill, 'before', signal)
  for (const vantage of drill.plan.vantages) running.vantages.push(await drill.startVantage(vantage, signal))
  if (!(await waitForCleanTraffic(drill, signal)))
    return aborted('the traffic before the fault was never clean, or its states never shared')
  void watchStops(drill, halt, watching)
  for (const step of drill.plan.steps) {
    const proven = await runStep(drill, undos, step, signal)
    await Promise.all(running.vantages.map((vantage) => vantage.sampleSockets()))
    running.reads.push(running.logs.read())
    if (!proven) return aborted(`step ${step.name} could not be carried out`)
  }
  await waitUntilSettled(drill, { phase: 'after', withinMs, hasTraffic: true }, signal)
  await takePictures(drill, 'after', signal)
  return { outcome: 'completed', reason: 'every step was carried out' }
}

async function boot(drill: Drill, signal: AbortSignal): Promise<void> {
  const { recorder, plan } = drill
  const progress = (text: string) => void recorder.record({ type: 'progress', text })
  const { version, machineVersions } = await startMachines(drill, plan.machines, progress, signal)
  recorder.record({ type: 'versions', hypervisor: version, machines: machineVersions })
}

function failed(
  drill: Drill,
  { signal, halt }: { signal: AbortSignal; halt: Halt },
  error: unknown,
): Omit<DrillEnd, 'leftToUndo'> {
  if (signal.aborted) return { outcome: 'interrupted', reason: reasonOf(signal.reason) }
  if (halt.signal.aborted) return aborted(reasonOf(halt.signal.reason))
  note(drill, 'drill', error)
  return aborted(reasonOf(error))
}

function aborted(reason: string): Omit<DrillEnd, 'leftToUndo'> {
  return { outcome: 'aborted', reason }
}

function note(drill: Drill, where: string, error: unknown): void {
  drill.recorder.record({ type: 'problem', where, message: reasonOf(error) })
}
