import type { Interval } from '../../model/interval.ts'
import type { Measurement } from '../../model/result.ts'
import type { ObservedStep } from '../steps.ts'
import type { Account } from './accounts.ts'
import { pairStream } from './measurements.ts'
import type { Spans } from './spans.ts'

type Measured = Pick<Measurement, 'interval' | 'evidence'>

/** Of what was seen longer ago nobody knows whether it still holds, ms. */
const freshMs = 3000

/**
 * How many VHIDs have the other firewall as their only master at the end of a step, of those that had one master when its fault or heal came: of the
 * pair, and of each VHID (0 or 1). Who comes and goes in between is told by other metrics.
 */
export function measureMoves(accounts: readonly Account[], steps: readonly ObservedStep[]): Measurement[] {
  const vhids = [...Map.groupBy(accounts, ({ vhid }) => vhid)]
  if (vhids.length === 0) return []
  return steps.flatMap((step) => {
    const single = vhids.map(([vhid, own]) => ({ stream: `vhid-${vhid}`, ...moveOf(step, vhid, own) }))
    const rows = [{ stream: pairStream, of: vhids.length, ...sumOf(single) }, ...single]
    return rows.map((row) => ({ step: step.name, metric: 'moved' as const, unit: 'count' as const, ...row }))
  })
}

function moveOf(step: ObservedStep, vhid: number, accounts: readonly Account[]): Measured {
  const actedMs = step.injectedMs?.sent ?? step.startMs
  const [holder, ...others] = accounts.filter((account) => wasMaster(account, actedMs) === true)
  const other = accounts.find((account) => account !== holder)
  if (holder === undefined || others.length > 0 || other === undefined) {
    const who = holder === undefined ? 'nobody was seen as master' : 'both were master'
    return { interval: null, evidence: `VHID ${vhid}: ${who} when the step began` }
  }
  const [kept, taken] = [wasMaster(holder, step.observedUntilMs), wasMaster(other, step.observedUntilMs)]
  const at = `VHID ${vhid}: ${holder.node} was master`
  if (kept === false && taken === true) return known(1, `${at}, in the end ${other.node}`)
  if (kept === true) return known(0, `${at}, and in the end ${taken === true ? 'both were' : 'still'}`)
  if (taken === false) return known(0, `${at}, ${other.node} was not in the end`)
  return { interval: { low: 0, high: 1 }, evidence: `${at}, nobody knows who was in the end` }
}

const known = (count: number, evidence: string): Measured => ({ interval: { low: count, high: count }, evidence })

/** The last that is known of a node's role before an instant; null where that is nothing, or too old. */
function wasMaster({ known: { master, other } }: Account, atMs: number): boolean | null {
  const [asMasterMs, asOtherMs] = [lastKnownMs(master, atMs), lastKnownMs(other, atMs)]
  return Math.max(asMasterMs, asOtherMs) < atMs - freshMs ? null : asMasterMs > asOtherMs
}

const lastKnownMs = (spans: Spans, atMs: number): number =>
  Math.min(spans.findLast(({ fromMs }) => fromMs < atMs)?.toMs ?? -Infinity, atMs)

function sumOf(moves: readonly Measured[]): Measured {
  const told = moves.flatMap(({ interval }) => (interval === null ? [] : [interval]))
  const evidence = moves.map((move) => move.evidence).join('; ')
  const sum = (edge: keyof Interval) => told.reduce((total, interval) => total + interval[edge], 0)
  return { interval: told.length < moves.length ? null : { low: sum('low'), high: sum('high') }, evidence }
}
