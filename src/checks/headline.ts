import type { Analysis } from '../analysis/analyse.ts'
import { plural, sayInterval } from '../analysis/quantity.ts'
import type { Finding, Measurement } from '../model/result.ts'
import type { Verdict } from '../model/verdict.ts'

/** One sentence for people: per step the packets lost, the takeover and the sessions that lived; and what decided a bad verdict. */
export function headlineOf(analysis: Analysis, verdict: Verdict, findings: readonly Finding[]): string {
  const steps = analysis.steps.map(({ name, action }) => `${name}: ${sayStep(analysis, name, action === 'fault')}`)
  const told = steps.length === 0 ? 'Nothing was measured' : steps.join('; ')
  const reason = reasonFor(verdict, findings)
  return verdict === 'pass' || reason === undefined ? `${told}.` : `${told}. ${said[verdict]} ${reason}`
}

/** What decided: for unknown rather the invariant that did not hold than the expectations that could not be measured for it. */
function reasonFor(verdict: Verdict, findings: readonly Finding[]): string | undefined {
  const deciding = findings.filter((finding) => finding.level === 'fail' && finding.verdict === verdict)
  const cause = verdict === 'unknown' ? deciding.find(({ kind }) => kind === 'invariant') : undefined
  const { message, because } = cause ?? deciding[0] ?? {}
  return message?.replace(` (because ${because ?? ''})`, '')
}

const said: Record<Exclude<Verdict, 'pass'>, string> = { fail: 'Failed because', unknown: 'Unknown because' }

function sayStep({ measurements }: Analysis, step: string, isFault: boolean): string {
  const own = measurements.filter((one) => one.step === step)
  const parts = [
    sayWorst(own, 'lost', (value) => `${value} ${value === '1' ? 'packet' : 'packets'} lost`),
    sayWorst(own, isFault ? 'takeover' : 'outage', (value) => `${isFault ? 'takeover' : 'outage'} ${value}`),
    saySessions(own),
  ]
  return parts.filter((part) => part !== '').join(', ')
}

/** The worst stream speaks for the pair. */
function sayWorst(own: readonly Measurement[], metric: Measurement['metric'], say: (value: string) => string): string {
  const of = own.filter((one) => one.metric === metric)
  const worst = of
    .flatMap(({ interval, unit }) => (interval === null ? [] : [{ interval, unit }]))
    .toSorted((one, other) => other.interval.high - one.interval.high)[0]
  if (of.length === 0) return ''
  return worst === undefined ? `${metric} not measurable` : say(sayInterval(worst.interval, worst.unit))
}

function saySessions(own: readonly Measurement[]): string {
  const of = own.filter(({ metric }) => metric === 'sessionsAlive')
  if (of.length === 0) return ''
  const known = of.flatMap(({ interval }) => (interval === null ? [] : [interval]))
  if (known.length < of.length) return 'sessions not measurable'
  const [low, high] = [known.reduce((sum, one) => sum + one.low, 0), known.reduce((sum, one) => sum + one.high, 0)]
  return low === high ? `${plural(low, 'session')} alive` : `${low} to ${high} sessions alive`
}
