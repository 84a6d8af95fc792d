import { advertPeriodMs } from '../../carp/timers.ts'
import type { EventOf } from '../../model/event.ts'
import type { Lab } from '../../model/lab.ts'
import type { ClockRelation } from '../clock-relation.ts'
import { relateClock } from '../clock-relation.ts'
import type { Facts } from '../facts.ts'
import type { Span } from './spans.ts'

/** An advertisement on the run's clock: it was sent within the stretch. `node` null: nobody knows whose it is. */
export interface HeardAdvert extends Span {
  point: string
  node: string | null
  vhid: number
  advskew: number
  /** After so long the same node's next one is due, ms. */
  periodMs: number
}

/** When a capture ran without losses, on the run's clock. */
export interface Coverage extends Span {
  point: string
  network: string
  /** The firewall whose tap it was at, of which everything that it sends is seen; null at a machine inside. */
  of: string | null
}

/** An advertisement is captured at most so long after it was sent: queues of the sender, of bridges, of a busy machine, ms. */
const transitMs = 50

/** Every advertisement that was captured, in order, with its sender. A capture whose wall clock was never compared with the run's says nothing. */
export function heardAdverts(facts: Facts, lab: Lab): HeardAdvert[] {
  const opened = new Map(facts.of('capture-opened').map((event) => [event.point, event]))
  const clocks = wallClocks(facts)
  const senders = sendersOf(facts, lab)
  const heard = facts.of('carp-advert').flatMap((advert): HeardAdvert[] => {
    const { machine, of } = opened.get(advert.point) ?? {}
    const clock = machine === undefined ? undefined : clocks.get(machine)
    if (clock === undefined || of === undefined) return []
    const { low, high } = clock.toRun(advert.wallMs)
    const { point, vhid, advskew, advbase } = advert
    const node = of ?? senders.get(advert.src) ?? null
    return [
      { fromMs: low - transitMs, toMs: high, point, node, vhid, advskew, periodMs: advertPeriodMs(advbase, advskew) },
    ]
  })
  return heard.toSorted((one, other) => one.toMs - other.toMs)
}

/** When captures ran. One that lost packets covers nothing; one without an end broke off with the recording, or runs still. */
export function coverageOf(facts: Facts, endMs: number): Coverage[] {
  const closed = facts.of('capture-closed')
  return facts.of('capture-opened').flatMap(({ atMs, point, network, of, catches }) => {
    if (!hearsAdverts({ catches })) return []
    const end = closed.find((event) => event.point === point && event.atMs >= atMs)
    const hasLost = end !== undefined && (end.dropped ?? 0) > 0
    return hasLost ? [] : [{ fromMs: atMs, toMs: end?.atMs ?? endMs, point, network, of }]
  })
}

/** Whether a capture is one of advertisements, as all were in older recordings. */
export const hearsAdverts = ({ catches = ['carp'] }: Pick<EventOf<'capture-opened'>, 'catches'>): boolean =>
  catches.includes('carp')

/** How the wall clocks that stamp captures relate to the run's, by the machine or node that has them. */
export function wallClocks(facts: Facts): Map<string, ClockRelation> {
  return new Map(
    [...Map.groupBy(facts.of('wall-sync'), ({ machine }) => machine)].flatMap(([machine, samples]) => {
      const clock = relateClock(samples.map((sample) => comparison(sample)))
      return clock === null ? [] : [[machine, clock] as const]
    }),
  )
}

const comparison = ({ wallMs, ...sample }: EventOf<'wall-sync'>): EventOf<'clock-sync'> => ({
  ...sample,
  type: 'clock-sync',
  remoteMs: wallMs,
})

/** Whose address is whose: as the lab says, and as the taps have shown (link-local ones are in no lab file). */
export function sendersOf(facts: Facts, { machines, pair }: Lab): Map<string, string> {
  const written = [pair.primary, pair.secondary].flatMap((node) =>
    Object.values(machines[node]?.nics ?? {}).flatMap((nic) => {
      const addresses = typeof nic === 'string' ? [nic] : Array.isArray(nic) ? nic : []
      return addresses.map((address): [string, string] => [bare(address), node])
    }),
  )
  const taps = new Map(facts.of('capture-opened').flatMap(({ point, of }) => (of === null ? [] : [[point, of]])))
  const shown = facts.of('carp-advert').flatMap(({ point, src }): [string, string][] => {
    const node = taps.get(point)
    return node === undefined ? [] : [[src, node]]
  })
  return new Map([...shown, ...written])
}

const bare = (address: string): string => address.split('/', 1)[0] ?? address
