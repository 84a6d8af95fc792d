import type { Interval } from '../model/interval.ts'
import type { Measurement } from '../model/result.ts'

/** The difference between streams, where there are several. */
const spread = { metric: 'asymmetry', unit: 'ms' } as const

/** The stream that speaks for all. */
const pair = 'pair'

/**
 * The pair as its worst packet stream saw it, in one step: outage and takeover are the maximum over the streams, never an average, and
 * the asymmetry of the outage is the maximum less the minimum.
 */
export function measurePair(step: string, measurements: readonly Measurement[]): Measurement[] {
  const of = (metric: Measurement['metric']) => measurements.filter((one) => one.step === step && one.metric === metric)
  if (of('outage').length === 0) return []
  return [
    { step, metric: 'outage', stream: pair, unit: 'ms', ...worstOf(of('outage')) },
    { step, metric: 'takeover', stream: pair, unit: 'ms', ...worstOf(of('takeover')) },
    ...(of('outage').length < 2 ? [] : [{ step, ...spread, stream: pair, ...asymmetryOf(of('outage')) }]),
  ]
}

type Measured = Pick<Measurement, 'interval' | 'evidence'>

/** A stream that tells nothing leaves the maximum without an upper bound. */
function worstOf(of: readonly Measurement[]): Measured {
  const [known, mute] = [knownOf(of), of.filter(({ interval }) => interval === null)]
  const silent = mute.map(({ stream, evidence }) => `${stream} tells nothing: ${evidence}`)
  const worst = known.toSorted((one, other) => other.interval.high - one.interval.high)[0]
  if (worst === undefined) return { interval: null, evidence: silent.join('; ') }
  const low = Math.max(...known.map(({ interval }) => interval.low))
  const high = mute.length > 0 ? Infinity : worst.interval.high
  return {
    interval: { low, high },
    evidence: [`worst stream ${worst.stream}: ${worst.evidence}`, ...silent].join('; '),
  }
}

function asymmetryOf(of: readonly Measurement[]): Measured {
  const known = knownOf(of)
  const mute = of.find(({ interval }) => interval === null)
  if (mute !== undefined) return { interval: null, evidence: `${mute.stream} tells nothing: ${mute.evidence}` }
  const [worst, best] = [
    known.toSorted((one, other) => middle(other.interval) - middle(one.interval))[0],
    known.toSorted((one, other) => middle(one.interval) - middle(other.interval))[0],
  ]
  return { interval: spreadOf(known), evidence: `longest on ${worst?.stream}, shortest on ${best?.stream}` }
}

/** The maximum less the minimum of values that are known as intervals. */
function spreadOf(known: readonly { interval: Interval }[]): Interval {
  const lows = known.map(({ interval }) => interval.low)
  const highs = known.map(({ interval }) => interval.high)
  const low = Math.max(0, Math.max(...lows) - Math.min(...highs))
  const pairs = known.flatMap((one) =>
    known.flatMap((other) => (one === other ? [] : [one.interval.high - other.interval.low])),
  )
  return { low, high: Math.max(low, ...pairs) }
}

const middle = ({ low, high }: Interval): number => (low + high) / 2

const knownOf = (of: readonly Measurement[]) =>
  of.flatMap(({ stream, evidence, interval }) => (interval === null ? [] : [{ stream, evidence, interval }]))
