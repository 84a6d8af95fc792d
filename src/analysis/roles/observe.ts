import type { Lab } from '../../model/lab.ts'
import type { CarpTakeover } from '../../model/takeover.ts'
import type { Measurement, RoleSources, RoleTrace } from '../../model/result.ts'
import type { Facts } from '../facts.ts'
import type { ObservedStep } from '../steps.ts'
import type { Account } from './accounts.ts'
import { accountsOf } from './accounts.ts'
import { measureAlerts } from './alerts.ts'
import { hearsAdverts } from './advertisements.ts'
import { measureGarp } from './garp.ts'
import { logBoundMs } from './log-account.ts'
import type { NamedWindow } from './measurements.ts'
import { measureRoles, wholeRun } from './measurements.ts'
import { measureMoves } from './moves.ts'
import { measureLeases } from './leases.ts'
import { pollingOf } from './sources.ts'
import { measureSyncLink } from './sync-link.ts'
import { stateTablesOf } from './state-tables.ts'
import { takeoversOf } from './takeovers.ts'
import { measureWanClaims } from './wan-claims.ts'

/** What all sources together say of the pair's roles. */
interface RoleObservation {
  measurements: Measurement[]
  takeovers: CarpTakeover[]
  sources: RoleSources
  /** A trace from polls, with what was captured and logged of the same node and VHID. */
  traced(trace: RoleTrace): RoleTrace
}

/** Folds polls, captures and logs into the role metrics of each step and of the whole run, the takeovers, and where all of it comes from. */
export function observeRoles(facts: Facts, lab: Lab, steps: readonly ObservedStep[], endMs: number): RoleObservation {
  const accounts = accountsOf(facts, lab, steps, endMs)
  const takeovers = takeoversOf(accounts, steps)
  return {
    measurements: [
      ...windowsOf(facts, steps).flatMap((window) => measureRoles(accounts, window)),
      ...measureGarp(facts, lab, steps, takeovers),
      ...measureMoves(accounts, steps),
      ...measureWanClaims(facts, lab, accounts, steps),
      ...measureLeases(facts, lab, accounts, steps),
      ...measureSyncLink(facts, lab, steps),
      ...measureAlerts(facts, nodesOf(lab), [...new Set(accounts.map(({ vhid }) => vhid))], steps),
    ],
    takeovers,
    sources: sourcesOf(facts, accounts),
    traced: (trace) => traced(trace, accounts),
  }
}

const nodesOf = ({ pair: { primary, secondary } }: Lab): string[] => [primary, secondary]

/** Each step, and all of them together from when the pair was first seen settled. */
function windowsOf(facts: Facts, steps: readonly ObservedStep[]): NamedWindow[] {
  const [first, last] = [steps[0], steps.at(-1)]
  if (first === undefined || last === undefined) return []
  const settled = facts.of('gate').find(({ phase, state }) => phase === 'before' && state === 'settled')
  const fromMs = Math.min(settled?.atMs ?? first.startMs, first.startMs)
  return [
    ...steps.map((step) => ({
      name: step.name,
      fromMs: step.startMs,
      toMs: step.observedUntilMs,
      originMs: step.injectedMs?.sent ?? step.startMs,
    })),
    { name: wholeRun, fromMs, toMs: last.observedUntilMs, originMs: first.injectedMs?.sent ?? first.startMs },
  ]
}

function sourcesOf(facts: Facts, accounts: readonly Account[]): RoleSources {
  const closed = facts.of('capture-closed')
  const adverts = facts.of('carp-advert')
  const listening = facts.of('capture-opened').filter(hearsAdverts)
  const captures = listening.map(({ point, machine, device, file, atMs }, index, all) => {
    const endMs = all.find((other, later) => later > index && other.point === point)?.atMs ?? Infinity
    const isOwn = (event: { point: string; atMs: number }) =>
      event.point === point && event.atMs >= atMs && event.atMs < endMs
    const dropped = closed.find(isOwn)?.dropped ?? null
    return { point, machine, device, file, adverts: adverts.filter(isOwn).length, dropped }
  })
  const nodes = [...new Set(accounts.map(({ node }) => node))]
  const logs = nodes.flatMap((node) => {
    const boundMs = logBoundMs(facts, node)
    const changes = accounts.filter((account) => account.node === node).flatMap((account) => account.changes)
    return boundMs === null ? [] : [{ node, changes: changes.length, boundMs }]
  })
  const tables = stateTablesOf(facts)
  return { polls: pollingOf(facts), captures, logs, ...(tables.length === 0 ? {} : { tables }) }
}

function traced(trace: RoleTrace, accounts: readonly Account[]): RoleTrace {
  const own = accounts.find(({ node, vhid }) => node === trace.node && vhid === trace.vhid)
  if (own === undefined) return trace
  return {
    ...trace,
    advertsMs: own.adverts.map(({ fromMs, toMs }) => (fromMs + toMs) / 2),
    logged: own.changes.map(({ fromMs, toMs, to, reason }) => ({ fromMs, toMs, state: to, reason })),
  }
}
