import { takeoverLimits, slowestOf } from '../carp/limit.ts'
import type { TakeoverLimit } from '../carp/limit.ts'
import { vipsBetween } from '../carp/path.ts'
import { masterDownMs, ticksMs } from '../carp/timers.ts'
import type { Lab } from '../model/lab.ts'
import type { Interval } from '../model/interval.ts'
import type { CarpTakeover, TakeoverExplanation, TakeoverWindow } from '../model/takeover.ts'
import type { Measurement } from '../model/result.ts'
import type { Scenario } from '../model/scenario.ts'
import { sayMs, sayRange } from './quantity.ts'
import type { ObservedStep } from './steps.ts'

interface StreamEnds {
  stream: string
  from: string
  to: string
  everyMs: number
  settings: Record<string, string>
}

/** What the explanation of takeovers is made from; `ends` of each stream with its probe interval. */
export interface Circumstances {
  lab: Lab
  scenario: Scenario
  steps: readonly ObservedStep[]
  takeovers: readonly CarpTakeover[]
  ends: readonly StreamEnds[]
}

/** Puts CARP's own limit next to every takeover that CARP's timers decide, and says how much of the takeover it explains. */
export function explainTakeovers(measurements: readonly Measurement[], circumstances: Circumstances): Measurement[] {
  return measurements.map((measurement) => {
    const explanation = measurement.metric === 'takeover' ? explanationOf(measurement, circumstances) : null
    if (explanation === null) return measurement
    const { carp, words } = explanation
    return { ...measurement, carp, evidence: `${measurement.evidence}; ${words}` }
  })
}

/** When CARP lets the pair take over, per step, on the run's clock: the slowest of its streams. */
export function takeoverWindowsOf(
  measurements: readonly Measurement[],
  steps: readonly ObservedStep[],
): TakeoverWindow[] {
  return steps.flatMap(({ name, injectedMs }) => {
    const explained = measurements.flatMap(({ step, carp }) => (step === name && carp !== undefined ? [carp] : []))
    const slowest = explained.toSorted((one, other) => other.limit.high - one.limit.high)[0]
    if (slowest === undefined || injectedMs === null) return []
    const onRun = ({ low, high }: Interval): Interval => ({ low: injectedMs.sent + low, high: injectedMs.sent + high })
    return [{ step: name, limit: onRun(slowest.limit), due: slowest.due === null ? null : onRun(slowest.due) }]
  })
}

function explanationOf({ step: name, stream, interval }: Measurement, circumstances: Circumstances) {
  const step = circumstances.steps.find((one) => one.name === name)
  const ends = circumstances.ends.find((one) => one.stream === stream)
  if (step === undefined || ends === undefined) return null
  const limits = limitsOf(step, ends, circumstances)
  const limit = slowestOf(limits)
  if (limit === null) return null
  const phase = phaseOf(step, limits, circumstances.takeovers)
  if (phase === null || interval === null || !Number.isFinite(interval.high))
    return { carp: { limit, due: null, share: null, isExplained: null }, words: `CARP limit ${sayRange(limit)}` }
  const carp = { limit, ...compared(interval, phase, ends.everyMs) }
  return { carp, words: sayPhase(carp, phase) }
}

/** The limits of the VIPs that the stream needs, where the step's fault silenced one firewall that was their master. */
function limitsOf(
  step: ObservedStep,
  { from, to, settings }: StreamEnds,
  { lab, scenario, takeovers }: Circumstances,
): TakeoverLimit[] {
  const [master, ...others] = step.machines.filter((one) => one === lab.pair.primary || one === lab.pair.secondary)
  const moved = takeovers.filter((one) => one.step === step.name)
  if (step.action !== 'fault' || master === undefined || others.length > 0) return []
  if (step.ref === '$backup' || (moved.length > 0 && moved.every((one) => one.from !== master))) return []
  const network = scenario.steps.find(({ name }) => name === step.of)?.fault?.params['network']
  const fault = { kind: step.kind, network: typeof network === 'string' ? network : null }
  const needed = vipsBetween(lab, from, to, settings['address']?.includes(':') === true ? 6 : 4)
  return takeoverLimits(lab, fault, master).filter(({ vip }) => needed.includes(vip))
}

/** When the slowest VIP's timer had to fire, ms after the fault. */
interface Phase {
  due: Interval
  vhid: number
  /** When the master's last advertisement was heard, ms after the fault. */
  heardMs: number
  /** When the new master was first heard, ms after the fault; null where it was not captured. */
  firstAdvertMs: number | null
}

function phaseOf(
  step: ObservedStep,
  limits: readonly TakeoverLimit[],
  takeovers: readonly CarpTakeover[],
): Phase | null {
  const faultMs = step.injectedMs?.sent
  if (faultMs === undefined) return null
  const phases = limits.flatMap(({ vip, timers }): Phase[] => {
    const takeover = takeovers.find((one) => one.step === step.name && one.vhid === vip.vhid)
    if (takeover?.lastAdvertMs === undefined || takeover.lastAdvertMs === null) return []
    const heardMs = takeover.lastAdvertMs.high - faultMs
    const dueMs = heardMs + masterDownMs(timers.advbase, timers.backupSkew)
    const due = { low: dueMs, high: dueMs + ticksMs }
    const first = takeover.firstAdvertMs
    return [{ due, vhid: vip.vhid, heardMs, firstAdvertMs: first === null ? null : first.high - faultMs }]
  })
  if (phases.length < limits.length) return null
  return phases.toSorted((one, other) => other.due.high - one.due.high)[0] ?? null
}

function compared(takeover: Interval, { due }: Phase, everyMs: number): Omit<TakeoverExplanation, 'limit'> {
  const middleMs = (takeover.low + takeover.high) / 2
  const share = Math.min(1, Math.max(0, due.high / Math.max(middleMs, Number.MIN_VALUE)))
  return { due, share, isExplained: middleMs >= due.low - everyMs && middleMs <= due.high + everyMs }
}

function sayPhase({ due, share, isExplained }: TakeoverExplanation, { vhid, heardMs, firstAdvertMs }: Phase): string {
  const heard = `VHID ${vhid}: last advertisement ${sayAgo(heardMs)}`
  const rest =
    isExplained === true || firstAdvertMs === null
      ? ''
      : `; the new master spoke ${sayMs(firstAdvertMs)} after the fault`
  return `CARP limit this trial ${sayMs(due?.low ?? 0)} (${heard}) + up to ${ticksMs} ms ticks, explained ${Math.round(100 * (share ?? 0))} %${rest}`
}

const sayAgo = (ms: number): string => (ms < 0 ? `${sayMs(-ms)} before the fault` : `${sayMs(ms)} after it`)
