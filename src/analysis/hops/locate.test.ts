import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../model/event.ts'
import { factsOf } from '../facts.ts'
import type { Fate } from './fixture/path.ts'
import { fared, places, rowLab } from './fixture/path.ts'
import type { TracedStream } from './locate.ts'
import { locateLosses } from './locate.ts'

const good: Fate = { far: 4, back: 4, by: 'fw1', waitAt: 0, waitMs: 0 }
const step = { name: 'failover', startMs: 0, observedUntilMs: 1e9, injectedMs: { sent: 1500, acked: 1501 } }
const locate = ({ events, stream }: { events: Event[]; stream: TracedStream }) =>
  locateLosses({ facts: factsOf(events), lab: rowLab, steps: [step] }, events, [stream])
const saidOf = (fates: Fate[], options = {}) =>
  locate(fared(fates, options)).flatMap(({ hops }) => hops.map(({ lost, late, words }) => `${lost}/${late} ${words}`))
const many = (count: number): Fate[] => Array.from({ length: count }, () => good)
const among = (...fates: Fate[]) => [...many(20), ...fates, ...many(20)]

describe('a lost probe', () => {
  test('is placed behind where it was seen last, in front of where it should have been seen next', () => {
    expect(saidOf(among({ ...good, far: 1 }, { ...good, far: 1 }))).toEqual([
      '2/0 request seen at client, not at fw1 lan or fw2 lan',
    ])
    expect(saidOf(among({ ...good, far: 2, by: 'fw2' }))).toEqual(['1/0 request seen at fw2 lan, not at fw2 wan'])
    expect(saidOf(among({ ...good, far: 3 }))).toEqual(['1/0 request seen at fw1 wan, not at target'])
    expect(saidOf(among({ ...good, back: 0 }))).toEqual(['1/0 request seen at target, which sent no answer'])
    expect(saidOf(among({ ...good, back: 2 }))).toEqual(['1/0 answer seen at fw1 wan, not at fw1 lan'])
    expect(saidOf(among({ ...good, far: 0 }))).toEqual(['1/0 request never seen, not even at client'])
  })

  test('is told by its number although those of ICMP begin anew, and a NAT may have changed the rest', () => {
    const fates = among({ ...good, far: 3 })
    expect(saidOf(fates, { kind: 'ping', firstSeq: 65_520 })).toEqual(['1/0 request seen at fw1 wan, not at target'])
  })

  test('is not placed by captures that did not show what was answered, or were not running', () => {
    const { events, stream } = fared(among({ ...good, far: 1 }))
    const deaf = events.filter((event) => event.type !== 'probes-passed' || event.point.endsWith('client'))
    expect(locate({ events: deaf, stream })[0]?.hops[0]?.words).toBe(
      'request seen at client, no answer came back to it',
    )
    const ended = { dropped: 0, packets: 1, atMs: 2950 }
    const closed = ['lan-fw1', 'wan-fw1'].map((point): Event => ({
      type: 'capture-closed',
      point,
      reason: 'killed',
      ...ended,
    }))
    expect(locate({ events: [...events, ...closed], stream })[0]?.hops[0]?.words).toBe(
      'request seen at client, not at target',
    )
    const gone = closed.map((event): Event => ({
      ...event,
      ...(event.type === 'capture-closed' && { reason: 'The interface disappeared' }),
    }))
    expect(locate({ events: [...events, ...gone], stream })[0]?.hops[0]?.words).toBe(
      'request seen at client, not at fw2 lan',
    )
  })

  test('of a run without captures has no place, and none is made up', () => {
    const { stream } = fared(among({ ...good, far: 1 }))
    expect(locate({ events: [], stream })).toEqual([])
  })
})

test('a late probe waited where the two sightings around it are furthest apart, by the capturing clock exactly', () => {
  const [path] = locate(
    fared(
      among(
        { ...good, waitAt: 1, waitMs: 400 },
        { ...good, waitAt: 4, waitMs: 300 },
        { ...good, waitAt: 3, waitMs: 60 },
      ),
    ),
  )
  expect(path?.hops.map(({ late, words }) => `${late} ${words}`)).toEqual([
    '1 request between fw1 lan and fw1 wan',
    '1 answer between target and fw1 wan',
    '1 answer in target, since the request was seen there',
  ])
  expect(path?.hops[0]?.longestMs?.high).toBeCloseTo(400.2, 2)
  expect(path?.clockBoundMs).toBe(0)
})

test('wherever probes are lost, each is placed exactly there', () => {
  const anyFate: fc.Arbitrary<Fate> = fc.record({
    far: fc.integer({ min: 0, max: 4 }),
    back: fc.integer({ min: 0, max: 4 }),
    by: fc.constantFrom('fw1' as const, 'fw2' as const),
    waitAt: fc.constant(0),
    waitMs: fc.constant(0),
  })
  fc.assert(
    fc.property(
      fc.array(anyFate, { minLength: 1, maxLength: 60 }),
      fc.constantFrom('udp' as const, 'ping' as const),
      (fates, kind) => {
        const lost = fates.filter(({ far, back }) => far < places.length || back < places.length)
        const [path] = locate(fared([...fates, ...many(10)], { kind }))
        const placed: Record<string, number> = {}
        for (const { way, after, before, lost: count } of path?.hops ?? []) {
          const key = `${way} ${after} ${before}`
          placed[key] = (placed[key] ?? 0) + count
        }
        const expected: Record<string, number> = {}
        for (const { far, back } of lost) {
          const isBack = far === 4 && back > 0
          const [after, before] = isBack ? [4 - back, 3 - back] : [far - 1, far]
          const name = (index: number) => (index < 0 || index > 3 ? 'null' : String(index))
          const key = `${isBack ? 'reply' : 'request'} ${name(after)} ${name(before)}`
          expected[key] = (expected[key] ?? 0) + 1
        }
        expect(placed).toEqual(expected)
        expect(path?.unplaced ?? 0).toBe(0)
      },
    ),
  )
})

test('captures that say anything whatever are read without a crash, and place no more probes than were lost', () => {
  const anyPassed = fc.record({
    type: fc.constant('probes-passed' as const),
    atMs: fc.double(),
    point: fc.constantFrom('lan-client', 'wan-fw1', 'nowhere'),
    kind: fc.constantFrom('icmp' as const, 'udp' as const),
    way: fc.constantFrom('request' as const, 'reply' as const),
    src: fc.constantFrom('10.102.0.50', 'x'),
    dst: fc.constantFrom('192.168.66.10', 'x'),
    id: fc.constantFrom('k', '7'),
    seq: fc.maxSafeInteger(),
    wallMs: fc.double(),
    seqSteps: fc.array(fc.maxSafeInteger(), { maxLength: 5 }),
    ticks: fc.array(fc.maxSafeInteger(), { maxLength: 5 }),
  })
  fc.assert(
    fc.property(
      fc.array(anyPassed, { maxLength: 20 }),
      fc.constantFrom('udp' as const, 'ping' as const),
      (noise, kind) => {
        const { events, stream } = fared(among({ ...good, far: 2 }, { ...good, back: 1 }), { kind })
        const [path] = locate({ events: [...events, ...noise], stream })
        const placed = path?.hops.reduce((sum, hop) => sum + hop.lost, 0) ?? 0
        expect(placed + (path?.unplaced ?? 0)).toBe(2)
      },
    ),
  )
})
