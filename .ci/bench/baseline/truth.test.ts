import { describe, expect, it } from 'vitest'
import { advertised, echoesOf, lostOf, outageOf, silenceOf } from './truth.ts'
import type { Echo } from './wire.ts'

/** One echo every 10 ms from 0 to 10 s; `answered` tells after how long, or null. */
const echoes = (answered: (sentMs: number) => number | null): Echo[] =>
  Array.from({ length: 1000 }, (_, index) => {
    const sentMs = index * 10
    const after = answered(sentMs)
    return { to: 'target', size: 24, id: 1, sentMs, answeredMs: after === null ? null : sentMs + after }
  })
const whole = { fromMs: 0, toMs: 10_000 }
const cut = echoes((sentMs) => (sentMs >= 2000 && sentMs < 3000 ? null : 1))

describe('the outage that a capture tells', () => {
  it('lies between what the lost probes span and what the good ones around them do', () => {
    expect(outageOf(cut, whole)).toEqual({ low: 990, high: 1010 })
  })

  it('is nothing where all was answered', () => {
    expect(
      outageOf(
        echoes(() => 1),
        whole,
      ),
    ).toEqual({ low: 0, high: 0 })
  })

  it('counts what was answered too late', () => {
    expect(
      outageOf(
        echoes((sentMs) => (sentMs >= 2000 && sentMs < 3000 ? 500 : 1)),
        whole,
      ),
    ).toEqual({ low: 990, high: 1010 })
  })

  it('is the sum of its windows, and only those of the stretch that is asked for', () => {
    const twice = echoes((sentMs) => (sentMs % 5000 >= 2000 && sentMs % 5000 < 3000 ? null : 1))
    expect(outageOf(twice, whole)).toEqual({ low: 1980, high: 2020 })
    expect(outageOf(twice, { fromMs: 0, toMs: 5000 })).toEqual({ low: 990, high: 1010 })
  })

  it('reaches to the end of the stretch where it is not over', () => {
    expect(
      outageOf(
        echoes((sentMs) => (sentMs >= 9000 ? null : 1)),
        whole,
      ),
    ).toEqual({ low: 990, high: 1010 })
  })
})

it('a program has lost what was never answered, except in its last second', () => {
  expect(lostOf(cut)).toBe(100)
  expect(lostOf(echoes((sentMs) => (sentMs > 9500 ? null : 1)))).toBe(0)
})

it('silence is the longest gap between arrivals, less their interval', () => {
  expect(
    silenceOf(
      cut.filter(({ answeredMs }) => answeredMs !== null),
      10,
      whole,
    ),
  ).toBe(1000)
})

it('of several programs that send alike, the one counts that sent most', () => {
  const short = { to: 'vip', size: 56, id: 7, sentMs: 0, answeredMs: 1 }
  const long = [0, 200, 400].map((sentMs) => ({ ...short, id: 8, sentMs }))
  expect(echoesOf({ echoes: [short, ...long, { ...short, size: 24 }], adverts: [] }, 'vip', 56)).toEqual(long)
})

it('a node was master where its own advertisements were captured', () => {
  const wire = { echoes: [], adverts: [{ atMs: 5000, from: '10.0.1.3', vhid: 2 }] }
  expect(advertised(wire, '10.0.1.3', whole)).toBe(true)
  expect(advertised(wire, '10.0.1.2', whole)).toBe(false)
  expect(advertised(wire, '10.0.1.3', { fromMs: 0, toMs: 4000 })).toBe(false)
})
