import type { Interval } from '../../../src/model/interval.ts'
import type { Result } from '../../../src/model/result.ts'
import { type Addresses, sizes } from './addresses.ts'
import { streams } from './faults.ts'
import { fpingSays, pingSays, scriptSays } from './sayings.ts'
import { isWithin, ownOf, truthOf } from './trial-truth.ts'
import type { Flow, Truth } from './trial-truth.ts'
import type { BenchTrial } from './trial.ts'
import { echoesOf, lostOf } from './truth.ts'
import { udpSize } from './wire.ts'

/** What one of them makes of a fault, beside what the wire says of it. */
export interface Conclusion {
  who: string
  outage: string
  lostSaid: string
  /** Of its own probes. */
  lostTruly: string
  words: string
  /** What the wire contradicts. */
  wrong: string[]
  /** It says that it does not know. */
  isOpen?: boolean
}

/** The wire first, then everybody who measured. */
export function conclusionsOf(trial: BenchTrial, addresses: Addresses): Conclusion[] {
  const truth = truthOf(trial, addresses)
  return [
    wire(truth),
    script(trial, truth, addresses),
    ping(trial, truth, addresses),
    fping(trial, truth, addresses),
    ...streams.map((stream) => harness(trial, truth, addresses, stream)),
  ]
}

function wire({ failover, failback, vip, promoted, ispSilenceMs }: Truth): Conclusion {
  return {
    who: 'the wire',
    outage: `${s(failover)}, back ${s(failback)}`,
    lostSaid: '-',
    lostTruly: '-',
    words: `backup ${promoted ? 'became' : 'did not become'} master; shared address silent ${s(vip)}, provider's side ${(ispSilenceMs / 1000).toFixed(2)}`,
    wrong: [],
  }
}

function script({ told }: BenchTrial, truth: Truth, { vip }: Addresses): Conclusion {
  const { promoted, outsideReached, lost } = scriptSays(told.script)
  const lostTruly = lostOf(echoesOf(told.client, vip, sizes.usual))
  const said = Number(lost?.split('\n')[0] ?? Number.NaN)
  const words = [sayTest('promotion', promoted), sayTest('external', outsideReached)].join(', ')
  const wrong = [
    ...(promoted === truth.promoted ? [] : [`backup ${truth.promoted ? 'did' : 'did not'} become master`]),
    ...(said === lostTruly ? [] : [`${lostTruly} of its own pings were lost`]),
    ...(truth.failover.low > 0 && said === 0 ? ['the outage outside is not seen'] : []),
  ]
  const quoted = lost === null ? 'nothing' : JSON.stringify(lost)
  return { who: 'failover_test.sh', outage: '-', lostSaid: quoted, lostTruly: String(lostTruly), words, wrong }
}

const sayTest = (what: string, passed: boolean | null): string =>
  `${what} ${passed === null ? 'not told' : passed ? 'PASS' : 'FAIL'}`

function ping(trial: BenchTrial, truth: Truth, { outside }: Addresses): Conclusion {
  const { told } = trial
  const said = pingSays(told.ping)
  const outageMs = said === null ? null : said.lost * 1000
  return {
    who: 'ping (1 s)',
    ...counted(said, lostOf(echoesOf(told.client, outside, sizes.ping))),
    ...claimed(outageMs, 1000, [truth, ownOf(trial, outside, sizes.ping)]),
  }
}

function fping(trial: BenchTrial, truth: Truth, { outside }: Addresses): Conclusion {
  const { told } = trial
  const said = fpingSays(told.fping)
  return {
    who: 'fping -o (200 ms)',
    ...counted(said, lostOf(echoesOf(told.client, outside, sizes.fping))),
    ...claimed(said?.outageMs ?? null, 200, [truth, ownOf(trial, outside, sizes.fping)]),
  }
}

function counted(said: { sent: number; lost: number } | null, lostTruly: number) {
  const words = said === null ? 'printed nothing' : `${said.lost} of ${said.sent} lost`
  return { lostSaid: said === null ? 'nothing' : String(said.lost), lostTruly: String(lostTruly), words }
}

/**
 * A count of losses times the interval stands for an outage within one interval of it, of two within two; failover and failback are one to these.
 * It is wrong where it contradicts the dense stream and the program's own probes.
 */
function claimed(outageMs: number | null, everyMs: number, flows: readonly Flow[]) {
  if (outageMs === null) return { outage: '-', wrong: ['no figure'] }
  const totals = flows.map(({ failover, failback }) => ({
    low: failover.low + failback.low,
    high: failover.high + failback.high,
    slackMs: everyMs * (failover.low > 0 && failback.low > 0 ? 2 : 1),
  }))
  const holds = totals.some(({ low, high, slackMs }) => outageMs - slackMs <= high && low <= outageMs + slackMs)
  return {
    outage: (outageMs / 1000).toFixed(2),
    wrong: holds ? [] : [`outages were ${totals.map(s).join(' or ')} in all`],
  }
}

function harness(
  trial: BenchTrial,
  truth: Truth,
  { outside }: Addresses,
  { name, words, probe }: (typeof streams)[number],
): Conclusion {
  const { fault, result, refusal, told, stretches } = trial
  const of = (step: string, metric: string) =>
    result.measurements.find((one) => one.step === step && one.metric === metric && one.stream === name)
  const [there, back, lost] = [of('failover', 'outage'), of('failback', 'outage'), of('failover', 'lost')]
  const size = probe === 'udp' ? udpSize : sizes.usual
  const [own, flows] = [echoesOf(told.client, outside, size), [truth, ownOf(trial, outside, size)]]
  const due = truth.failover.low <= fault.maxMs && truth.isOver ? 'pass' : 'fail'
  const verdict = refusal === null ? result.verdict : `command refused (exit 64)`
  return {
    who: words,
    outage: `${sayMeasured(there)}, back ${sayMeasured(back)}`,
    lostSaid: String(lost?.interval?.high ?? 'unknown'),
    lostTruly: String(own.filter((echo) => echo.answeredMs === null && isWithin(echo, stretches.failover)).length),
    words: refusal === null && verdict !== 'pass' ? `${verdict}: ${reasonsOf(result)}` : verdict,
    isOpen: verdict === 'unknown',
    wrong: [
      ...contradicted('failover', there, flows),
      ...contradicted('failback', back, flows),
      ...(['pass', 'fail'].includes(verdict) && verdict !== due ? [`verdict ${verdict}`] : []),
    ],
  }
}

/** What decided a verdict that is no pass. */
const reasonsOf = ({ verdict, findings }: Result): string =>
  findings
    .filter((finding) => finding.level === 'fail' && finding.verdict === verdict)
    .map(({ title }) => `not that ${title}`)
    .join(', ')

function contradicted(
  what: 'failover' | 'failback',
  { interval }: { interval: Interval | null } = { interval: null },
  flows: readonly Flow[],
): string[] {
  if (interval === null) return [`${what} not measured`]
  const holds = flows.some((flow) => overlaps(interval, flow[what]))
  return holds ? [] : [`${what} was ${flows.map((flow) => s(flow[what])).join(' or ')}`]
}

const overlaps = (one: Interval, other: Interval): boolean => one.low <= other.high && other.low <= one.high

const sayMeasured = ({ interval }: { interval: Interval | null } = { interval: null }): string =>
  interval === null ? '?' : s(interval)

/** `2.90 ± 0.01`, in seconds; one that may be nothing at all is an upper bound. */
function s({ low, high }: Interval): string {
  if (high === 0) return '0'
  if (low <= 0) return `< ${(high / 1000).toFixed(2)}`
  return `${((low + high) / 2000).toFixed(2)} ± ${((high - low) / 2000).toFixed(2)}`
}
