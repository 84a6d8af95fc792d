import { advertPeriodMs } from '../../carp/timers.ts'
import type { Lab } from '../../model/lab.ts'
import type { Facts } from '../facts.ts'
import type { ObservedStep } from '../steps.ts'
import type { Coverage, HeardAdvert } from './advertisements.ts'
import { coverageOf, heardAdverts } from './advertisements.ts'
import type { Knowledge, Sighting } from './knowledge.ts'
import { contradictions, filledWith, knownFrom, without } from './knowledge.ts'
import type { LoggedChange } from './log-account.ts'
import { knownFromLog, logReadMs, loggedChanges } from './log-account.ts'
import { polledSightings } from './sources.ts'
import type { Span } from './spans.ts'
import { difference, lengthOf, union } from './spans.ts'

/** What is known of one VHID on one node: together, by each source alone, and where sources cannot both be right. */
export interface Account {
  node: string
  vhid: number
  known: Knowledge
  bySource: ReadonlyMap<string, Knowledge>
  disputed: readonly Span[]
  adverts: readonly HeardAdvert[]
  changes: readonly LoggedChange[]
}

/** Roles are taken to last this long where polls and advertisements say the same at both ends, ms; every role change takes longer to go and come back. */
const lastingMs = 500
/** Where nothing denser speaks, they are taken to last this long, ms: polls at 1 s. Who stops advertising does not begin again within 1.1 periods. */
const atMostMs = 1300
/** Contradictions shorter than this are noise of the arithmetic, ms. */
const noiseMs = 1

/** All that a recording tells of the roles of the pair, for every VHID and node. */
export function accountsOf(facts: Facts, lab: Lab, steps: readonly ObservedStep[], endMs: number): Account[] {
  const { primary, secondary, vips } = lab.pair
  const adverts = heardAdverts(facts, lab)
  const coverage = coverageOf(facts, endMs)
  const changes = loggedChanges(facts)
  return [...new Set(vips.map(({ vhid }) => vhid))].flatMap((vhid) => {
    const networks = vips.flatMap((vip) => (vip.vhid === vhid ? [vip.network] : []))
    return [primary, secondary].map((node) => {
      const heard = adverts.filter((advert) => advert.node === node && advert.vhid === vhid)
      const logged = changes.filter((change) => change.node === node && change.vhid === vhid)
      const listening = coverage.filter(({ network, of }) => networks.includes(network) && (of === null || of === node))
      const off = poweredOff(facts, steps, node)
      return accountOf(facts, { node, vhid, heard, logged, listening, off })
    })
  })
}

interface Material {
  node: string
  vhid: number
  heard: readonly HeardAdvert[]
  logged: readonly LoggedChange[]
  listening: readonly Coverage[]
  off: readonly Span[]
}

/** What is seen goes before what is logged, and that before what is only not heard; where a log says otherwise than what was seen, nothing is known. */
function accountOf(facts: Facts, material: Material): Account {
  const { node, vhid, heard, logged, listening, off } = material
  const polled = polledSightings(facts, node, vhid)
  const sent = heard.map((advert): Sighting => ({ ...advert, isMaster: true }))
  const sightings = [...[...polled.values()].flat(), ...sent]
  const seen = filledWith(knownFrom(sightings, lastingMs), { master: [], other: off })
  const log = without(knownFromLog(logged, logReadMs(facts, node) ?? -Infinity), off)
  const advertised = filledWith(knownFrom(sent, slack * longestPeriod(heard)), {
    master: [],
    other: silences(heard, listening, off),
  })
  const disputed = contradictions(seen, log)
  const isDisputed = lengthOf(disputed) > noiseMs
  const all = [seen, log, knownFrom(sightings, atMostMs), advertised].reduce(filledWith)
  const bySource = new Map([...polled].map(([source, own]) => [source, knownFrom(own, atMostMs)]))
  if (listening.length > 0) bySource.set('advertisements', advertised)
  if (logged.length > 0) bySource.set('log', log)
  return {
    node,
    vhid,
    known: isDisputed ? without(all, disputed) : all,
    bySource,
    disputed: isDisputed ? disputed : [],
    adverts: heard,
    changes: logged,
  }
}

/**
 * When a node was not master because it did not advertise: at its own tap from one period after an advertisement, elsewhere from two,
 * because one may be lost on the way; until shortly before its next one. Who was listened to at its tap before it had power has been no master since:
 * its first advertisement would have been heard.
 */
function silences(heard: readonly HeardAdvert[], listening: readonly Coverage[], off: readonly Span[]): Span[] {
  return union(
    listening.flatMap((coverage) => {
      const patience = coverage.of === null ? 2 : 1
      const longest = longestPeriod(heard)
      const alive = heard.map(({ fromMs, toMs, periodMs }) => ({
        fromMs,
        toMs: toMs + patience * periodMs * slack + slackMs,
      }))
      const wasOff = coverage.of !== null && off.some((span) => isIn(span, coverage.fromMs))
      const unsureMs = wasOff ? 0 : patience * longest * slack + slackMs
      const begin = { fromMs: coverage.fromMs, toMs: coverage.fromMs + unsureMs }
      return difference(
        [coverage].map(({ fromMs, toMs }) => ({ fromMs, toMs })),
        union([...alive, begin]),
      )
    }),
  )
}

const isIn = ({ fromMs, toMs }: Span, atMs: number): boolean => fromMs <= atMs && atMs < toMs

const longestPeriod = (heard: readonly HeardAdvert[]): number =>
  heard.reduce((longest, { periodMs }) => Math.max(longest, periodMs), advertPeriodMs(1, 240))

/** Timers of a guest tick late: two ticks, and what a busy host adds. */
const slack = 1.1
const slackMs = 50

/** No machine is master so soon after its power is back, ms: its kernel has to start first. */
const bootsForMs = 500

/**
 * From when a power cut was seen to have happened (the node's tap is gone, or the hypervisor says so) until power was to come back; or while a machine was
 * frozen: whatever its log says when it wakes up, it was nobody's master.
 */
function poweredOff(facts: Facts, steps: readonly ObservedStep[], node: string): Span[] {
  const taps = facts.of('capture-opened').flatMap(({ point, of }) => (of === node ? [point] : []))
  const ends = facts.of('capture-closed').filter(({ point, reason }) => taps.includes(point) && reason !== 'stopped')
  return steps.flatMap((step) => {
    const { action, kind, effect, effectMs, machines, name, injectedMs } = step
    const isOff = kind === 'vm-stop' || kind === 'vm-suspend'
    if (action !== 'fault' || !isOff || effect?.proven !== true || !machines.includes(node)) return []
    const goneMs = ends.find(({ atMs }) => atMs >= (injectedMs?.sent ?? Infinity))?.atMs
    const heal = steps.find((other) => other.action === 'heal' && other.of === name)
    const onMs = heal?.injectedMs?.sent ?? heal?.startMs
    const toMs = onMs === undefined ? step.observedUntilMs : onMs
    return kind === 'vm-suspend'
      ? [{ fromMs: injectedMs?.acked ?? Infinity, toMs }]
      : [
          {
            fromMs: Math.min(goneMs ?? Infinity, effectMs ?? Infinity),
            toMs: toMs + (onMs === undefined ? 0 : bootsForMs),
          },
        ]
  })
}
