import type { EventOf } from '../../model/event.ts'
import type { Lab } from '../../model/lab.ts'
import type { Measurement } from '../../model/result.ts'
import { middleOf } from '../clock-relation.ts'
import type { Facts } from '../facts.ts'
import { plural } from '../quantity.ts'
import type { ObservedStep } from '../steps.ts'
import { wallClocks } from './advertisements.ts'
import { pairStream } from './measurements.ts'

type Frame = EventOf<'beside-sync'>
type Opened = EventOf<'capture-opened'>
type Whose = 'own' | 'strange' | 'unknown'

/** A tap writes down so many frames; of the others it says only how many there were. */
const mostFrames = 5000
const arp = 0x0806

/**
 * What else than state sync the network of state sync carried in a step: `strangers`, from or to somebody who is not one of the two firewalls, and
 * `besideSync`, all that is neither pfsync nor ARP and neighbour discovery. Nothing where that network was not captured for it.
 */
export function measureSyncLink(facts: Facts, lab: Lab, steps: readonly ObservedStep[]): Measurement[] {
  const taps = facts.of('capture-opened').filter(({ catches }) => catches?.includes('strangers'))
  if (taps.length === 0) return []
  const own = ownAddresses(lab)
  const frames = facts.of('beside-sync')
  const ownMacs = new Set(frames.flatMap(({ src, srcMac }) => (src !== null && own.has(src) ? [srcMac] : [])))
  const whose = (frame: Frame) => whoseIs(frame, own, ownMacs)
  return steps.flatMap((step) => {
    const seen = taps.map((tap) => ({ tap, frames: framesIn(facts, tap, step, frames) }))
    const full = seen.some(({ tap }) => frames.filter(({ point }) => point === tap.point).length >= mostFrames)
    const count = (isOne: (frame: Frame) => boolean) => seen.map((one) => one.frames.filter(isOne).length)
    const [strange, unknown] = [count((one) => whose(one) === 'strange'), count((one) => whose(one) === 'unknown')]
    const beside = count((one) => !isNeighbourhood(one))
    const row = { step: step.name, stream: pairStream, unit: 'count' as const }
    const evidence = sayFrames(seen.flatMap((one) => one.frames))
    return [
      { ...row, metric: 'strangers', interval: boundsOf(strange, sumOf(unknown), full), evidence },
      { ...row, metric: 'besideSync', interval: boundsOf(beside, 0, full), evidence },
    ]
  })
}

/** A frame may have been seen at both taps, or at one. */
const boundsOf = (counts: readonly number[], unknown: number, isFull: boolean) => ({
  low: Math.max(...counts),
  high: isFull ? Infinity : sumOf(counts) + unknown,
})

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)

function ownAddresses({ pair, machines }: Lab): Set<string> {
  const nics = [pair.primary, pair.secondary].map((name) => machines[name]?.nics[pair.stateSync?.network ?? ''])
  const given = nics.flatMap((nic) => (typeof nic === 'string' || Array.isArray(nic) ? nic : []))
  return new Set(given.map((cidr) => cidr.split('/', 1)[0] ?? cidr))
}

function framesIn(facts: Facts, tap: Opened, step: ObservedStep, frames: readonly Frame[]): Frame[] {
  const clock = wallClocks(facts).get(tap.machine)
  return frames.filter(({ point, wallMs, atMs }) => {
    const seenMs = clock === undefined ? atMs : middleOf(clock.toRun(wallMs))
    return point === tap.point && seenMs >= step.startMs && seenMs < step.observedUntilMs
  })
}

/** Multicast and broadcast are the sender's; what bears no address of the network is told by who sent it. */
function whoseIs({ src, dst, srcMac }: Frame, own: ReadonlySet<string>, ownMacs: ReadonlySet<string>): Whose {
  const isSent = src !== null && own.has(src)
  if (isSent) return dst === null || own.has(dst) || isToMany(dst) ? 'own' : 'strange'
  if (ownMacs.has(srcMac) && (src === null || isLinkLocal(src))) return 'own'
  return src === null || isLinkLocal(src) ? 'unknown' : 'strange'
}

const isToMany = (address: string): boolean => /^(22[4-9]|23\d|255)\.|\.255$|^ff/.test(address)
const isLinkLocal = (address: string): boolean => /^(fe80:|::$|0\.0\.0\.0$)/.test(address)

/** ARP, and what IPv6 needs on every link: ICMPv6 of link-local addresses. */
const isNeighbourhood = ({ etherType, src, protocol }: Frame): boolean =>
  etherType === arp || (protocol === 58 && src !== null && isLinkLocal(src))

/** Who sent what to whom, each once. */
function sayFrames(frames: readonly Frame[]): string {
  if (frames.length === 0) return 'nothing but pfsync'
  const kinds = Map.groupBy(frames, ({ etherType, src, dst, protocol, srcMac }) => {
    const what =
      etherType === arp
        ? 'ARP'
        : protocol === null
          ? `type 0x${etherType.toString(16).padStart(4, '0')}`
          : `protocol ${protocol}`
    return `${what} ${src ?? srcMac} > ${dst ?? 'all'}`
  })
  const said = [...kinds].slice(0, 6).map(([kind, own]) => `${own.length} x ${kind}`)
  const more = kinds.size > said.length ? ` and ${plural(kinds.size - said.length, 'other kind')}` : ''
  return `seen at the taps: ${said.join(', ')}${more}`
}
