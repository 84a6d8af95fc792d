import { leastShare } from '../analysis/confidence.ts'
import type { Measurement, StepTrace } from '../model/result.ts'
import type { TrialOutcome } from '../model/suite.ts'
import { oneLine } from './printable.ts'

/**
 * What the trials of a scenario together say of its sessions, a line per step. Sessions of one failover share its fate, so failovers are
 * counted, and the sessions of all of them without a confidence.
 */
export function saySessions(trials: readonly TrialOutcome[]): string[] {
  const scenarios = Map.groupBy(
    trials.filter(({ of }) => of > 1),
    ({ scenario }) => scenario,
  )
  return [...scenarios].flatMap(([scenario, own]) => {
    const results = own.flatMap(({ result }) => result ?? [])
    const steps = new Map(results.flatMap(({ timeline }) => timeline.steps.map((step) => [step.name, step] as const)))
    return [...steps.values()].flatMap((step) => {
      const counts = results.flatMap(({ measurements }) => countIn(measurements, step.name) ?? [])
      return counts.length === 0 ? [] : [`${oneLine(scenario)}: ${sayStep(step, counts)}`]
    })
  })
}

/** Of one failover: how many of its sessions lived for certain, and possibly. */
interface Count {
  low: number
  high: number
  of: number
}

function countIn(measurements: readonly Measurement[], step: string): Count | null {
  const own = measurements.filter((one) => one.step === step && one.metric === 'sessionsAlive')
  const known = own.flatMap(({ interval, of }) => (interval === null || of === undefined ? [] : [{ ...interval, of }]))
  if (own.length === 0 || known.length < own.length) return null
  const sum = (part: keyof Count): number => known.reduce((total, one) => total + one[part], 0)
  return { low: sum('low'), high: sum('high'), of: sum('of') }
}

function sayStep({ name, action }: StepTrace, counts: readonly Count[]): string {
  const word = action === 'fault' ? 'failovers' : 'failbacks'
  const whole = counts.filter(({ low, of }) => low === of).length
  const open = counts.filter(({ low, high, of }) => low < of && high === of).length
  const decided = counts.length - open
  const share = Math.floor(100 * leastShare(whole, decided))
  const bound = whole === 0 ? '' : ` (at least ${share} % do, with 95 % confidence)`
  const unknown = open === 0 ? '' : `, ${open} not known`
  const [alive, all] = [counts.reduce((sum, { low }) => sum + low, 0), counts.reduce((sum, { of }) => sum + of, 0)]
  const pooled = `${alive} of ${all} sessions alive in all of them`
  return `${oneLine(name)}: ${whole} of ${decided} ${word} lost no session${bound}${unknown}; ${pooled}`
}
