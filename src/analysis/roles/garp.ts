import type { EventOf } from '../../model/event.ts'
import type { Lab } from '../../model/lab.ts'
import type { Interval } from '../../model/interval.ts'
import type { CarpTakeover } from '../../model/takeover.ts'
import type { Measurement } from '../../model/result.ts'
import { middleOf } from '../clock-relation.ts'
import type { Facts } from '../facts.ts'
import { sayMs } from '../quantity.ts'
import type { ObservedStep } from '../steps.ts'
import { hearsAdverts, sendersOf, wallClocks } from './advertisements.ts'
import { pairStream } from './measurements.ts'
import { isSameAddress } from './same-address.ts'

type Opened = EventOf<'capture-opened'>
type Measured = Pick<Measurement, 'interval' | 'evidence'>

/**
 * How long after its first advertisement a new master told the hosts of the segment by gratuitous ARP (IPv6: an unsolicited neighbour advertisement), for every VHID that moved in a step, and for the
 * pair: the longest of those. Advertisement and ARP are compared by the clock that captured both.
 */
export function measureGarp(
  facts: Facts,
  lab: Lab,
  steps: readonly ObservedStep[],
  takeovers: readonly CarpTakeover[],
): Measurement[] {
  const vhids = [...new Set(lab.pair.vips.map(({ vhid }) => vhid))]
  return steps.flatMap((step) => {
    const taken = vhids.map((vhid) => takeovers.find((one) => one.step === step.name && one.vhid === vhid))
    const measured = vhids.map((vhid, index) => {
      const takeover = taken[index]
      return takeover === undefined ? unmoved(vhid) : delaysOf({ facts, lab, step }, takeover)
    })
    const rows = measured.map((one, index) => ({ stream: `vhid-${vhids[index]}`, ...one }))
    const moved = measured.filter((_, index) => taken[index] !== undefined)
    const pair = worstOf(moved.length === 0 ? measured : moved)
    return [{ stream: pairStream, ...pair }, ...rows].map((row) => ({
      step: step.name,
      metric: 'garpDelay' as const,
      unit: 'ms' as const,
      ...row,
    }))
  })
}

const unmoved = (vhid: number): Measured => ({
  interval: null,
  evidence: `VHID ${vhid}: nobody was seen to take it over`,
})

function delaysOf(watch: Watch, { vhid, to }: CarpTakeover): Measured {
  const vips = watch.lab.pair.vips.filter((vip) => vip.vhid === vhid)
  return worstOf(vips.map(({ address, network }) => delayOf(watch, { vhid, to, network, address })))
}

interface Watch {
  facts: Facts
  lab: Lab
  step: ObservedStep
}

interface Claim {
  vhid: number
  to: string
  network: string
  address: string
}

function delayOf(watch: Watch, claim: Claim): Measured {
  const { facts, step } = watch
  const { vhid, to, network } = claim
  const address = claim.address.split('/', 1)[0] ?? ''
  const what = `VHID ${vhid}, ${address} on ${network}`
  const point = pointFor(facts, claim)
  const first = point === undefined ? undefined : firstAdvert(watch, point, claim)
  if (point === undefined || first === undefined)
    return { interval: null, evidence: `${what}: the first advertisement of ${to} was not captured where ARP was` }
  const fromMs = first.wallMs - first.atMs + (step.injectedMs?.sent ?? step.startMs)
  const untilMs = first.wallMs - first.atMs + step.observedUntilMs
  const told = claimsOf(facts, point.point, address).find((wallMs) => wallMs >= fromMs && wallMs < untilMs)
  if (told === undefined)
    return untold(facts, point.point, `${what}: no gratuitous ARP of ${to}`, untilMs - first.wallMs)
  const delayMs = Math.max(0, told - first.wallMs)
  const evidence = `${what}: ${to} told its address ${sayShort(delayMs)} after its first advertisement (${point.point})`
  return { interval: { low: delayMs, high: delayMs }, evidence }
}

/** Most are told within a millisecond. */
const sayShort = (ms: number): string => (ms < 10 ? `${ms.toFixed(1)} ms` : sayMs(ms))

/** When an address was told without having been asked for, by the capturing wall clock: gratuitous ARP, unsolicited neighbour advertisements. */
function claimsOf(facts: Facts, point: string, address: string): number[] {
  const isOwn = (heard: { point: string }, told: string) => heard.point === point && isSameAddress(told, address)
  const arps = facts.of('arp').filter((arp) => arp.senderIp === arp.targetIp && isOwn(arp, arp.senderIp))
  const adverts = facts.of('neighbour-advert').filter((one) => !one.isSolicited && isOwn(one, one.target))
  return [...arps, ...adverts].map(({ wallMs }) => wallMs).toSorted((one, other) => one - other)
}

/** Silence is told by captures only that missed nothing. */
function untold(facts: Facts, point: string, what: string, forMs: number): Measured {
  const missed = facts
    .of('capture-closed')
    .reduce((sum, one) => sum + (one.point === point ? (one.dropped ?? 0) : 0), 0)
  if (missed > 0) return { interval: null, evidence: `${what} at ${point}, which missed ${missed} packets` }
  const lowMs = Math.max(0, forMs)
  const evidence = `${what} in the ${sayMs(lowMs)} that it was listened for at ${point}`
  return { interval: { low: lowMs, high: Infinity }, evidence }
}

/** The new master's own tap, where nobody else's messages are captured; else any capture on the segment. */
function pointFor(facts: Facts, { to, network }: Claim): Opened | undefined {
  const both = facts
    .of('capture-opened')
    .filter((one) => one.network === network && hearsAdverts(one) && one.catches?.includes('arp'))
  return both.find(({ of }) => of === to) ?? both.find(({ of }) => of === null)
}

function firstAdvert({ facts, lab, step }: Watch, { point, of, machine }: Opened, { vhid, to }: Claim) {
  const clock = wallClocks(facts).get(machine)
  if (clock === undefined) return undefined
  const senders = of === null ? sendersOf(facts, lab) : null
  const fromMs = step.injectedMs?.sent ?? step.startMs
  return facts
    .of('carp-advert')
    .filter(
      (advert) =>
        advert.point === point && advert.vhid === vhid && (senders === null || senders.get(advert.src) === to),
    )
    .map(({ wallMs }) => ({ wallMs, atMs: middleOf(clock.toRun(wallMs)) }))
    .find(({ atMs }) => atMs >= fromMs && atMs < step.observedUntilMs)
}

/** The longest; where one cannot be told, so cannot the longest, unless another is longer than any limit anyway. */
function worstOf(measured: readonly Measured[]): Measured {
  const told = measured.flatMap(({ interval, evidence }) => (interval === null ? [] : [{ interval, evidence }]))
  const missing = measured.filter(({ interval }) => interval === null)
  const evidence = measured.map((one) => one.evidence).join('; ')
  const never = told.find(({ interval }) => interval.high === Infinity)
  if (never !== undefined || (missing.length === 0 && told.length > 0)) {
    const interval: Interval = {
      low: Math.max(...told.map((one) => one.interval.low)),
      high: Math.max(...told.map((one) => one.interval.high)),
    }
    return { interval, evidence }
  }
  return { interval: null, evidence }
}
