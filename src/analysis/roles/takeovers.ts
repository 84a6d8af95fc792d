import type { Interval } from '../../model/interval.ts'
import type { CarpTakeover } from '../../model/takeover.ts'
import type { ObservedStep } from '../steps.ts'
import type { Account } from './accounts.ts'
import type { HeardAdvert } from './advertisements.ts'
import type { LoggedChange } from './log-account.ts'
import type { Span } from './spans.ts'

/** What the wire and the logs say of each change of master within the steps: the old one's last word, the new one's first, and the kernel's reason. */
export function takeoversOf(accounts: readonly Account[], steps: readonly ObservedStep[]): CarpTakeover[] {
  const vhids = [...Map.groupBy(accounts, ({ vhid }) => vhid)]
  return steps.flatMap((step) => vhids.flatMap(([vhid, own]) => takeoverIn(step, vhid, own)))
}

function takeoverIn(step: ObservedStep, vhid: number, accounts: readonly Account[]): CarpTakeover[] {
  const actedMs = step.injectedMs?.sent ?? step.startMs
  const before = masterAt(accounts, actedMs)
  if (before === undefined) return []
  return accounts.flatMap((account) => {
    if (account === before) return []
    const since = { fromMs: actedMs, toMs: step.observedUntilMs }
    const taken = account.known.master.find(({ fromMs }) => fromMs > since.fromMs && fromMs < since.toMs)
    const first = firstIn(account.adverts, since)
    if (taken === undefined && first === null) return []
    const change = account.changes.find(
      (one) => one.to === 'MASTER' && one.toMs > since.fromMs && one.fromMs < since.toMs,
    )
    const last = before.adverts.findLast((advert) => advert.toMs <= (first?.high ?? taken?.fromMs ?? Infinity))
    return [
      {
        step: step.name,
        vhid,
        from: before.node,
        to: account.node,
        lastAdvertMs: last === undefined ? null : intervalOf(last),
        firstAdvertMs: first,
        reason: sayReason(change),
      },
    ]
  })
}

const masterAt = (accounts: readonly Account[], atMs: number): Account | undefined => {
  const reign = ({ known }: Account): Span | undefined => known.master.findLast(({ fromMs }) => fromMs < atMs)
  return accounts
    .filter((account) => reign(account) !== undefined)
    .toSorted((one, other) => (reign(other)?.toMs ?? 0) - (reign(one)?.toMs ?? 0))[0]
}

/** The first of a row of advertisements within a time: those heard at several places are one. */
function firstIn(adverts: readonly HeardAdvert[], { fromMs, toMs }: Span): Interval | null {
  const [first] = adverts
    .filter((advert) => advert.fromMs > fromMs && advert.fromMs < toMs)
    .toSorted((one, other) => one.toMs - other.toMs)
  return first === undefined ? null : intervalOf(first)
}

const intervalOf = ({ fromMs, toMs }: Span): Interval => ({ low: fromMs, high: toMs })

const sayReason = (change: LoggedChange | undefined): string | null =>
  change === undefined ? null : `${change.from} -> ${change.to} (${change.reason})`
