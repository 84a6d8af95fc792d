import { takeoverLimits } from '../carp/limit.ts'
import type { TakeoverLimit } from '../carp/limit.ts'
import { vipsBetween } from '../carp/path.ts'
import { ticksMs } from '../carp/timers.ts'
import type { Lab } from '../model/lab.ts'
import type { Expectation, Scenario, Step } from '../model/scenario.ts'
import type { Mistake } from './mistake.ts'

/**
 * Expectations that CARP's own timers forbid: a maximum below what the backup may have to wait after a crash of the master. Such a limit is
 * met by the phase of an advertisement or never, and says nothing about the pair.
 */
export function unattainable(scenario: Scenario, lab: Lab): Mistake[] {
  return scenario.expect.flatMap((expectation, index): Mistake[] => {
    const limit = limitOf(expectation, scenario, lab)
    const allowed = limit === null ? null : allowedBy(expectation, limit, scenario)
    if (limit === null || allowed === null || allowed.max >= allowed.needed) return []
    const message = `expected ${allowed.expected} for ${expectation.metric}, got ${allowed.got}: ${arithmetic(limit)}; ${chance(allowed.ms, limit)}`
    return [{ path: ['expect', index, 'max'], at: 'value', message }]
  })
}

/** The slowest VIP that the stream of an expectation (every stream, where it is the pair's) needs, where its step crashes the master; null where timers do not decide. */
function limitOf({ metric, stream }: Expectation, { probes, steps }: Scenario, lab: Lab): TakeoverLimit | null {
  const step = steps.find(({ name }) => name === metric.split('.', 1)[0])
  if (step?.fault === undefined || isAfterAnother(step, steps)) return null
  const used = stream === 'pair' ? Object.values(probes) : [probes[stream] ?? { kind: '', params: {} }]
  const needed = used.flatMap(({ kind, params: { from, to, family } }) =>
    kind !== askedByBroadcast && typeof from === 'string' && typeof to === 'string'
      ? vipsBetween(lab, from, to, family === 6 ? 6 : 4)
      : [],
  )
  const slowest = mastersHit(step, lab).map((master) => slowestFor(step, master, lab, needed))
  return slowest.toSorted((one, other) => (one?.range.high ?? 0) - (other?.range.high ?? 0))[0] ?? null
}

/** A renewal ends with a broadcast in the network of its destination, which either node answers by its own address. */
const askedByBroadcast = 'dhcp-renew'

/** Whether a fault is still there when this one comes: who is master then, nobody knows before the run. */
function isAfterAnother(step: Step, steps: readonly Step[]): boolean {
  const before = steps.slice(0, steps.indexOf(step))
  return before.some(({ name, fault }) => fault !== undefined && !before.some(({ heal }) => heal === name))
}

/** Who may be the master that the fault hits. Of a pair that does not preempt nobody knows it before the run. */
function mastersHit({ fault }: Step, { pair: { primary, secondary, preempt } }: Lab): string[] {
  const on = fault?.params['on']
  const [ref, ...others] = Array.isArray(on) ? on.map(String) : [String(on)]
  if (others.length > 0) return []
  if (ref !== undefined && /^\$master(\(.+\))?$/.test(ref)) return preempt ? [primary] : [primary, secondary]
  return preempt && (ref === '$primary' || ref === primary) ? [primary] : []
}

function slowestFor(
  { fault }: Step,
  master: string,
  lab: Lab,
  needed: readonly { vhid: number }[],
): TakeoverLimit | null {
  const network = fault?.params['network']
  const silencing = { kind: fault?.kind ?? '', network: typeof network === 'string' ? network : null }
  const limits = takeoverLimits(lab, silencing, master).filter(({ vip }) =>
    needed.some(({ vhid }) => vhid === vip.vhid),
  )
  return limits.toSorted((one, other) => other.range.high - one.range.high)[0] ?? null
}

/** The maximum of an expectation against what CARP needs, in the unit of its metric, and as time. */
interface Allowed {
  max: number
  needed: number
  ms: number
  expected: string
  got: string
}

function allowedBy({ metric, stream, max }: Expectation, { range }: TakeoverLimit, scenario: Scenario): Allowed | null {
  const name = metric.split('.')[1] ?? ''
  if (max === undefined) return null
  if (['outage', 'takeover', 'span'].includes(name)) {
    const needed = Math.ceil(range.high)
    return { max, needed, ms: max, expected: `at least ${needed}ms`, got: `${max}ms` }
  }
  const everyMs = scenario.probes[stream]?.params['every']
  if (!['lost', 'impaired'].includes(name) || typeof everyMs !== 'number') return null
  const needed = Math.floor(range.high / everyMs)
  return {
    max,
    needed,
    ms: (max + 1) * everyMs,
    expected: `at least ${needed} at one probe per ${everyMs} ms`,
    got: `${max}`,
  }
}

function arithmetic({ vip, backup, timers, range }: TakeoverLimit): string {
  const wait = `3 x advbase ${timers.advbase} + skew ${timers.backupSkew}/256`
  return `${backup} takes VHID ${vip.vhid} over ${wait} = ${seconds(range.high - ticksMs)} after the last advertisement + up to ${ticksMs} ms of ticks`
}

/** The share of crashes whose phase meets a limit: the takeover is uniform over its range. */
function chance(ms: number, { range }: TakeoverLimit): string {
  const share = (ms - range.low) / (range.high - range.low)
  return share <= 0
    ? `no takeover is as fast as that, the range is ${seconds(range.low)} to ${seconds(range.high)}`
    : `only ${Math.round(100 * Math.min(1, share))} % of the crashes would meet it, by the phase of the advertisement alone`
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`
