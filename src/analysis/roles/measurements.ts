import type { Interval } from '../../model/interval.ts'
import type { Measurement } from '../../model/result.ts'
import { plural, sayInterval, sayMs } from '../quantity.ts'
import type { Account } from './accounts.ts'
import type { Knowledge } from './knowledge.ts'
import { knowsNothing } from './knowledge.ts'
import type { Bounds, PairKnowledge } from './measures.ts'
import { anyOf, dualMaster, intervalOf, mixedRole, noMaster } from './measures.ts'
import type { Span } from './spans.ts'
import { intersection, lengthOf } from './spans.ts'

/** What all VHIDs of the pair together are called where a metric names a stream. */
export const pairStream = 'pair'

/** The name of the whole observed drill where a metric names a step. */
export const wholeRun = 'whole-run'

/** A stretch of the run by its name; instants in evidence count from `originMs`. */
export interface NamedWindow extends Span {
  name: string
  originMs: number
}

type RoleMetric = 'noMaster' | 'dualMaster' | 'mixedRole'
type Measured = Pick<Measurement, 'interval' | 'evidence'>

const measures = { noMaster, dualMaster } as const

/** The role metrics of one stretch: of the pair as a whole (one VHID suffices), and of each VHID where there are several. */
export function measureRoles(accounts: readonly Account[], window: NamedWindow): Measurement[] {
  if (accounts.length === 0) return []
  const vhids = [...Map.groupBy(accounts, ({ vhid }) => vhid)]
  const single = vhids.map(([vhid, own]) => ({ stream: `vhid-${vhid}`, own }))
  const subjects = [{ stream: pairStream, own: accounts }, ...(single.length > 1 ? single : [])]
  const row = (metric: RoleMetric, stream: string, value: Measured): Measurement => ({
    step: window.name,
    metric,
    stream,
    unit: 'ms',
    ...value,
  })
  return [
    ...(['noMaster', 'dualMaster'] as const).flatMap((metric) =>
      subjects.map(({ stream, own }) => row(metric, stream, measured(own, window, inAny(metric, window)))),
    ),
    row('mixedRole', pairStream, single.length > 1 ? measured(accounts, window, parted(window)) : alone),
  ]
}

const alone: Measured = { interval: { low: 0, high: 0 }, evidence: 'the pair has one VHID, which cannot part' }

type Measure = (known: readonly PairKnowledge[]) => Bounds

const inAny =
  (metric: keyof typeof measures, window: NamedWindow): Measure =>
  (known) =>
    anyOf(known.map((pair) => measures[metric](pair, [window])))

const parted =
  (window: NamedWindow): Measure =>
  (known) =>
    mixedRole(known, [window])

/** The interval from all sources together, and what each source says alone. Null where of one node nothing is known. */
function measured(accounts: readonly Account[], window: NamedWindow, measure: Measure): Measured {
  const silent = accounts.find(({ known }) => knowsNothing(known, [window]))
  if (silent !== undefined) {
    const evidence = `no source tells of ${silent.node} and VHID ${silent.vhid} in this time`
    return { interval: null, evidence }
  }
  const bounds = measure(pairsOf(accounts, ({ known }) => known))
  const interval = intervalOf(bounds)
  return {
    interval,
    evidence: [
      sayStretches(bounds, window),
      saySources(accounts, window, measure, interval),
      sayDisputes(accounts, window),
    ]
      .filter((part) => part !== '')
      .join('; '),
  }
}

/** Both nodes' knowledge, VHID by VHID. */
function pairsOf(accounts: readonly Account[], knowledgeOf: (account: Account) => Knowledge): PairKnowledge[] {
  return [...Map.groupBy(accounts, ({ vhid }) => vhid).values()].flatMap(([one, other]) =>
    one === undefined || other === undefined ? [] : [[knowledgeOf(one), knowledgeOf(other)] as const],
  )
}

function sayStretches({ surely }: Bounds, { originMs }: NamedWindow): string {
  if (surely.length === 0) return 'not for certain at any time'
  const shown = surely
    .slice(0, 3)
    .map(({ fromMs, toMs }) => `${instant(fromMs - originMs)} to ${instant(toMs - originMs)}`)
  const more = surely.length > 3 ? ` and ${surely.length - 3} more` : ''
  return `for certain ${shown.join(', ')}${more}`
}

const nothing: Knowledge = { master: [], other: [] }

/** Each source's own figure: those that reach into the common one agree with it. */
function saySources(accounts: readonly Account[], window: NamedWindow, measure: Measure, common: Interval): string {
  const names = [...new Set(accounts.flatMap(({ bySource }) => [...bySource.keys()]))]
  const figures = names.flatMap((name) => {
    const known = pairsOf(accounts, ({ bySource }) => bySource.get(name) ?? nothing)
    if (known.flat().every((one) => knowsNothing(one, [window]))) return []
    const interval = intervalOf(measure(known))
    return [
      {
        text: `${name} ${sayInterval(interval, 'ms')}`,
        agrees: interval.low <= common.high && interval.high >= common.low,
      },
    ]
  })
  const [agreeing, others] = [figures.filter(({ agrees }) => agrees), figures.filter(({ agrees }) => !agrees)]
  const said = agreeing.map(({ text }) => text).join(', ')
  const against = others.length === 0 ? '' : `; DISAGREES: ${others.map(({ text }) => text).join(', ')}`
  return said === ''
    ? against.slice(2)
    : `by ${plural(agreeing.length, 'source')} that agree${agreeing.length === 1 ? 's' : ''}: ${said}${against}`
}

function sayDisputes(accounts: readonly Account[], window: NamedWindow): string {
  const disputed = accounts
    .map(({ node, vhid, disputed: spans }) => ({ node, vhid, ms: lengthOf(intersection(spans, [window])) }))
    .filter(({ ms }) => ms > 0)
  return disputed
    .map(({ node, vhid, ms }) => `log and readings of ${node} contradict each other on VHID ${vhid} for ${sayMs(ms)}`)
    .join('; ')
}

const instant = (ms: number): string => `${ms < 0 ? '-' : '+'}${(Math.abs(ms) / 1000).toFixed(2)} s`
