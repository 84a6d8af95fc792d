import type { Lab } from '../../model/lab.ts'
import type { EventOf } from '../../model/event.ts'
import type { Measurement } from '../../model/result.ts'
import type { Facts } from '../facts.ts'
import { plural, sayMs } from '../quantity.ts'
import type { ObservedStep } from '../steps.ts'
import type { Account } from './accounts.ts'
import { wallClocks } from './advertisements.ts'
import { pairStream } from './measurements.ts'
import type { Spans } from './spans.ts'

/** A role change reaches the WAN by a hook that loads PHP and sets the NIC up: so long the former master may still use it, ms. */
const handOverMs = 3000

/** An ARP message or DHCP request that a firewall sent on the WAN, on the run's clock. */
interface Claim {
  node: string
  atMs: number
  what: string
}

/**
 * How often, in each step, a firewall used the leased WAN that both share one MAC of, although the other had been the only master for 3 s. Only in
 * a lab with a WAN hook; not measurable where nobody listened at both taps.
 */
export function measureWanClaims(
  facts: Facts,
  lab: Lab,
  accounts: readonly Account[],
  steps: readonly ObservedStep[],
): Measurement[] {
  if (!lab.pair.wanHook) return []
  const points = tapsOf(facts, lab)
  const clocks = wallClocks(facts)
  const nodes = [lab.pair.primary, lab.pair.secondary]
  const isHeard = nodes.every((node) =>
    [...points.values()].some(({ of, machine }) => of === node && clocks.has(machine)),
  )
  const claims = isHeard ? claimsOf(facts, points) : []
  return steps.map((step) => ({
    step: step.name,
    metric: 'wanClaims' as const,
    stream: pairStream,
    unit: 'count' as const,
    ...(isHeard
      ? judged(claims, step, accounts)
      : { interval: null, evidence: 'nobody listened to both firewalls on their leased WAN' }),
  }))
}

/** The captures of what each firewall sends on a network where its address is leased. */
function tapsOf(facts: Facts, { machines, pair }: Lab): Map<string, EventOf<'capture-opened'> & { of: string }> {
  const isLeased = (node: string, network: string) => {
    const nic = machines[node]?.nics[network]
    return typeof nic === 'object' && 'dhcp' in nic
  }
  return new Map(
    facts.of('capture-opened').flatMap((opened) => {
      const { point, network, of, catches = [] } = opened
      const isTap = of !== null && [pair.primary, pair.secondary].includes(of) && isLeased(of, network)
      return isTap && catches.includes('arp') && catches.includes('dhcp') ? [[point, { ...opened, of }] as const] : []
    }),
  )
}

function claimsOf(facts: Facts, points: ReturnType<typeof tapsOf>): Claim[] {
  const clocks = wallClocks(facts)
  const claim = (point: string, wallMs: number, what: string): Claim[] => {
    const tap = points.get(point)
    const clock = tap === undefined ? undefined : clocks.get(tap.machine)
    return tap === undefined || clock === undefined ? [] : [{ node: tap.of, atMs: clock.toRun(wallMs).high, what }]
  }
  return [
    ...facts.of('arp').flatMap(({ point, wallMs, operation }) => claim(point, wallMs, `ARP ${operation}`)),
    ...facts.of('dhcp').flatMap(({ point, wallMs, message }) => claim(point, wallMs, `DHCP ${message}`)),
  ]
}

function judged(claims: readonly Claim[], step: ObservedStep, accounts: readonly Account[]) {
  const own = claims.filter(({ atMs }) => atMs >= step.startMs && atMs < step.observedUntilMs)
  const wrong = own.filter((claim) => isIntrusion(claim, accounts))
  const doubtful = own.filter((claim) => !isIntrusion(claim, accounts) && !isOwn(claim, accounts))
  const [first] = [...wrong, ...doubtful]
  const looked = `${plural(own.length, 'ARP or DHCP message')} on the leased WAN`
  const whose = wrong.length > 0 ? 'although the other was the only master' : 'when nobody knows who was master'
  const evidence =
    first === undefined
      ? `${looked}, all of them of the firewall that was master, or had been within ${sayMs(handOverMs)}`
      : `${looked}; ${first.node} sent ${first.what} ${sayMs(first.atMs - step.startMs)} into the step ${whose}`
  return { interval: { low: wrong.length, high: wrong.length + doubtful.length }, evidence }
}

function isIntrusion({ node, atMs }: Claim, accounts: readonly Account[]): boolean {
  const holds = (spans: Spans) => spans.some(({ fromMs, toMs }) => fromMs <= atMs - handOverMs && atMs <= toMs)
  return accounts.every(({ node: holder, known }) => holds(holder === node ? known.other : known.master))
}

function isOwn({ node, atMs }: Claim, accounts: readonly Account[]): boolean {
  const was = (spans: Spans) => spans.some(({ fromMs, toMs }) => fromMs <= atMs && toMs >= atMs - handOverMs)
  return accounts.some(({ node: holder, known }) => holder === node && was(known.master))
}
