import type { Lab } from '../../model/lab.ts'
import type { EventOf } from '../../model/event.ts'
import type { Measurement } from '../../model/result.ts'
import type { Facts } from '../facts.ts'
import { plural } from '../quantity.ts'
import type { ObservedStep } from '../steps.ts'
import type { Account } from './accounts.ts'
import { sendersOf } from './advertisements.ts'
import type { Spans } from './spans.ts'

type Lease = EventOf<'lease'>

/** Who has been master for less is not asked to have answered first, ms. */
const establishedMs = 6000

/**
 * Leases of a stream of renewals that should not be as they are: from outside of the pool of the firewall that gave them, or new ones from another
 * firewall than the one that answers first (the least delay in the lab file) while that had been master for 6 s. Each step is
 * counted from the end of the one before, the first one from the start of the run. Only where the firewalls lease addresses.
 */
export function measureLeases(
  facts: Facts,
  lab: Lab,
  accounts: readonly Account[],
  steps: readonly ObservedStep[],
): Measurement[] {
  const { dhcp } = lab.pair
  if (dhcp === undefined) return []
  const nodes = sendersOf(facts, lab)
  const opened = facts.of('stream-opened').filter(({ kind }) => kind === 'dhcp-renew')
  return opened.flatMap(({ stream }) =>
    steps.map((step, index): Measurement => {
      const fromMs = steps[index - 1]?.observedUntilMs ?? -Infinity
      const own = facts
        .of('lease')
        .filter((lease) => lease.stream === stream && lease.atMs >= fromMs && lease.atMs < step.observedUntilMs)
      const judged = own.map((lease) => mistakeOf(lease, dhcp, nodes.get(lease.server) ?? null, accounts))
      return { step: step.name, metric: 'misleased', stream, unit: 'count', ...told(own, judged) }
    }),
  )
}

function told(
  leases: readonly Lease[],
  mistakes: readonly (string | null)[],
): Pick<Measurement, 'interval' | 'evidence'> {
  if (leases.length === 0) return { interval: null, evidence: 'no lease was given or renewed' }
  const found = mistakes.filter((mistake) => mistake !== null)
  const given = [...new Set(leases.map(({ address, server }) => `${address} by ${server}`))].join(', ')
  const evidence = [`${plural(leases.length, 'lease')}: ${given}`, ...found.slice(0, 3)].join('; ')
  return { interval: { low: found.length, high: found.length }, evidence }
}

function mistakeOf(
  { address, server, state, atMs }: Lease,
  served: NonNullable<Lab['pair']['dhcp']>,
  node: string | null,
  accounts: readonly Account[],
): string | null {
  if (state === 'refused') return null
  const pools = served.filter(({ ranges }) => Object.values(ranges).some((range) => isIn(range, address)))
  if (node === null) return `${address} came from ${server}, which is neither firewall`
  if (state !== 'obtained') return null // Where leases are shared, either may renew what the other gave.
  const pool = pools.find(({ ranges }) => isIn(ranges[node] ?? '', address))
  if (pool === undefined) return `${node} gave ${address}, which is not of its pool`
  const delay = (one: string) => pool.delay?.[one] ?? 0
  const sooner = Object.keys(pool.ranges).find((one) => one !== node && delay(one) < delay(node))
  return sooner !== undefined && wasMasterFor(accounts, sooner, atMs)
    ? `${node} gave ${address} although ${sooner}, which answers ${delay(node)} s earlier, was there`
    : null
}

function wasMasterFor(accounts: readonly Account[], node: string, atMs: number): boolean {
  const holds = (spans: Spans) => spans.some(({ fromMs, toMs }) => fromMs <= atMs - establishedMs && atMs <= toMs)
  return accounts.some((account) => account.node === node && holds(account.known.master))
}

/** Whether a range like 10.0.0.10-10.0.0.99 has an IPv4 address. */
function isIn(range: string, address: string): boolean {
  const [from = '', to = ''] = range.split('-')
  return from !== '' && numberOf(address) >= numberOf(from) && numberOf(address) <= numberOf(to)
}

const numberOf = (address: string): number =>
  address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0)
