import { describe, expect, it } from 'vitest'
import { Dpinger, parsePingLine } from './dpinger.ts'
import type { MonitorTiming } from './gateway.ts'

const usual: MonitorTiming = {
  intervalMs: 500,
  lossIntervalMs: 2000,
  periodMs: 60_000,
  alertIntervalMs: 1000,
  lossHigh: 20,
  latencyHighMs: 500,
}

/** Probes at each interval, answered until `deathMs` and again from `returnMs`; returns the seconds at which the alarm changed. */
function play(timing: MonitorTiming, deathMs: number, returnMs = Infinity, untilMs = 200_000): number[] {
  const dpinger = new Dpinger(timing)
  const changes: number[] = []
  for (let sentMs = 0; sentMs < untilMs; sentMs += timing.intervalMs) {
    const sequence = sentMs / timing.intervalMs + 1
    const isAnswered = sentMs < deathMs || sentMs >= returnMs
    if (isAnswered) dpinger.hear({ sequence, atMs: sentMs + 1, tookMs: 1 })
    else dpinger.hear({ sequence, atMs: sentMs + timing.intervalMs })
    if (sentMs % timing.alertIntervalMs === 0 && dpinger.judge(sentMs + timing.intervalMs)) {
      changes.push((sentMs + timing.intervalMs - Math.min(deathMs, sentMs)) / 1000)
    }
  }
  return changes
}

describe('a gateway', () => {
  it('that no longer answers is down after the seconds in which a fifth of a minute is lost', () => {
    const [down] = play(usual, 100_000)
    expect(down).toBeGreaterThan(12)
    expect(down).toBeLessThan(16)
  })

  it('that answers again is up when the lost ones have left the window', () => {
    const changes = play(usual, 100_000, 120_000, 300_000)
    expect(changes).toHaveLength(2)
  })

  it('monitored as the third source document says is down after three seconds', () => {
    const timing = { ...usual, intervalMs: 1000, periodMs: 5000 }
    const [down] = play(timing, 20_000)
    expect(down).toBeGreaterThanOrEqual(2)
    expect(down).toBeLessThanOrEqual(4)
  })

  it('with a single lost probe in a minute stays up', () => {
    expect(play(usual, 100_000, 100_500)).toEqual([])
  })

  it('that answers too late is down, though nothing is lost', () => {
    const dpinger = new Dpinger(usual)
    for (let sequence = 1; sequence < 20; sequence += 1) dpinger.hear({ sequence, atMs: sequence * 500, tookMs: 700 })
    expect(dpinger.judge(10_000)).toBe(true)
    expect(dpinger.quality(10_000)).toEqual({ latencyUs: 700_000, deviationUs: 0, loss: 0 })
  })

  it('whose answer comes late after all has not lost it', () => {
    const dpinger = new Dpinger(usual)
    dpinger.hear({ sequence: 1, atMs: 500 })
    dpinger.hear({ sequence: 1, atMs: 900, tookMs: 890 })
    expect(dpinger.quality(5000).loss).toBe(0)
  })
})

it('the lines of ping are understood', () => {
  expect(parsePingLine('64 bytes from 198.51.100.1: icmp_seq=7 ttl=63 time=0.123 ms', 5)).toEqual({
    sequence: 7,
    atMs: 5,
    tookMs: 0.123,
  })
  expect(parsePingLine('no answer yet for icmp_seq=8', 6)).toEqual({ sequence: 8, atMs: 6 })
  expect(parsePingLine('From 203.0.113.2 icmp_seq=3 Destination Host Unreachable', 6)).toBeUndefined()
})
