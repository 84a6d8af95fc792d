import { describe, expect, test } from 'vitest'
import type { CarpTakeover } from '../model/takeover.ts'
import type { Measurement } from '../model/result.ts'
import { lab, scenario } from './fixture/subject.ts'
import type { ObservedStep } from './steps.ts'
import { crash as step } from './fixture/step.ts'
import { explainTakeovers, takeoverWindowsOf } from './takeover-limit.ts'

const takeover: CarpTakeover = {
  step: 'failover',
  vhid: 1,
  from: 'fw1',
  to: 'fw2',
  lastAdvertMs: { low: 9550, high: 9600 },
  firstAdvertMs: { low: 12_950, high: 13_000 },
  reason: null,
}
const explain = (middleMs: number, changed: Partial<ObservedStep> = {}, takeovers: CarpTakeover[] = [takeover]) => {
  const measurement: Measurement = {
    step: 'failover',
    metric: 'takeover',
    stream: 'fast',
    unit: 'ms',
    interval: { low: middleMs - 10, high: middleMs + 10 },
    evidence: 'seen',
  }
  const ends = [{ stream: 'fast', from: 'client', to: 'target', everyMs: 10, settings: {} }]
  return explainTakeovers([measurement], { lab, scenario, steps: [{ ...step, ...changed }], takeovers, ends })[0]
}

describe('a takeover', () => {
  test('that comes when the timer had to fire is explained by CARP', () => {
    const { carp, evidence } = explain(2998) ?? {}
    expect(carp).toMatchObject({ due: { low: 2990.625, high: 3010.625 }, share: 1, isExplained: true })
    expect(evidence).toBe(
      'seen; CARP limit this trial 2.99 s (VHID 1: last advertisement 400 ms before the fault) + up to 20 ms ticks, explained 100 %',
    )
  })

  test.each([
    [2980.7, true],
    [2980.5, false],
    [3020.6, true],
    [3020.7, false],
  ])('of %f ms is explained within one interval of the timer and its ticks: %s', (middleMs, isExplained) => {
    expect(explain(middleMs)?.carp?.isExplained).toBe(isExplained)
  })

  test('that comes later says how much of it CARP explains, and when the new master spoke', () => {
    const { carp, evidence } = explain(4000) ?? {}
    expect(carp).toMatchObject({ isExplained: false })
    expect(evidence).toContain('explained 75 %; the new master spoke 3.00 s after the fault')
  })

  test('whose last advertisement was not captured has the limit of the configuration only', () => {
    const { carp, evidence } = explain(2998, {}, [{ ...takeover, lastAdvertMs: null }]) ?? {}
    expect(carp).toEqual({ limit: { low: 2390.625, high: 3410.625 }, due: null, share: null, isExplained: null })
    expect(evidence).toBe('seen; CARP limit 2.39-3.41 s')
  })

  test.each<[string, Partial<ObservedStep>]>([
    ['of a heal', { action: 'heal' }],
    ['of both firewalls at once', { machines: ['fw1', 'fw2'] }],
    ['of a machine that is no firewall', { machines: ['isp'] }],
    ['of the backup', { machines: ['fw2'], ref: '$backup' }],
    ['that was not a change from the one that was hit', { machines: ['fw2'], ref: 'fw2' }],
    ['by a fault that timers do not decide', { kind: 'carp-maintenance' }],
  ])('%s has no limit', (_, changed) => {
    expect(explain(2998, changed)).toMatchObject({ evidence: 'seen' })
  })
})

test('the limits of a step are shown on the clock of the run', () => {
  const explained = explain(2998)
  expect(takeoverWindowsOf(explained === undefined ? [] : [explained], [step])).toEqual([
    { step: 'failover', limit: { low: 12_390.625, high: 13_410.625 }, due: { low: 12_990.625, high: 13_010.625 } },
  ])
})
