import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fakeLab } from './fake-lab.fixture.ts'

describe('a drill', () => {
  test('gates, injects, observes, heals and observes again, in this order', async () => {
    const lab = fakeLab()
    const end = await lab.run()
    expect(end).toMatchObject({ outcome: 'completed', leftToUndo: [] })
    expect(lab.said()).toEqual([
      'gate before settled',
      'clean-traffic',
      'step-started failover',
      'undo planned',
      'injected failover',
      'effect failover true',
      'step-ended failover recovered',
      'step-started failback',
      'undo done',
      'healed failback',
      'effect failback true',
      'gate after settled',
      'step-ended failback recovered',
      'gate after settled',
      'run-ended completed',
    ])
  })

  test('has its undo on disk before the fault begins', async () => {
    const lab = fakeLab()
    await lab.run()
    expect(lab.calls.indexOf('journal planned')).toBeGreaterThanOrEqual(0)
    expect(lab.calls.indexOf('journal planned')).toBeLessThan(lab.calls.indexOf('stop fw1'))
  })

  test('aims at the node that is master when the fault begins', async () => {
    const lab = fakeLab({ preempt: false, master: 'fw2' })
    await lab.run()
    expect(lab.calls).toContain('stop fw2')
    expect(lab.calls).not.toContain('stop fw1')
  })

  test('breaks nothing while the pair is not settled', async () => {
    const lab = fakeLab({ demotion: 240 })
    expect(await lab.run()).toMatchObject({ outcome: 'aborted', reason: 'the pair did not settle' })
    expect(lab.calls).not.toContain('stop fw1')
  })

  test('breaks nothing while the traffic is not clean', async () => {
    const lab = fakeLab({ lossBeforeFault: true })
    expect(await lab.run()).toMatchObject({ outcome: 'aborted' })
    expect(lab.calls).not.toContain('stop fw1')
  })

  test('stops, and heals, when its fault had no effect', async () => {
    const lab = fakeLab({ stopDoesNothing: true })
    expect(await lab.run()).toMatchObject({
      outcome: 'aborted',
      reason: 'step failover could not be carried out',
      leftToUndo: [],
    })
    expect(lab.said()).toContain('effect failover false')
    expect(lab.running).toEqual(new Set(['fw1', 'fw2', 'client', 'target']))
  })

  test('heals when the command of the fault fails after it has taken effect', async () => {
    const lab = fakeLab({ stopLosesReply: true })
    expect(await lab.run()).toMatchObject({ outcome: 'aborted', leftToUndo: [] })
    expect(lab.running).toContain('fw1')
  })

  test('says what it could not undo, after trying six times within half a minute', async () => {
    const lab = fakeLab({ startFails: true })
    const { leftToUndo } = await lab.run()
    expect(leftToUndo).toEqual([expect.stringMatching(/^vm-stop on fw1; by hand: .*qm start/)])
    expect(lab.calls.filter((call) => call === 'start fw1').length).toBeGreaterThanOrEqual(6)
    expect(lab.calls).not.toContain('journal done')
  })

  test('interrupted at any moment, leaves every machine running and owes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 60_000 }), async (atMs) => {
        const lab = fakeLab()
        const end = await lab.run({ interruptAtMs: atMs })
        expect(['interrupted', 'completed']).toContain(end.outcome)
        expect(end.leftToUndo).toEqual([])
        expect(lab.running).toEqual(new Set(['fw1', 'fw2', 'client', 'target']))
        expect(lab.calls.filter((call) => call === 'journal planned').length).toBe(
          lab.calls.filter((call) => call === 'journal done').length,
        )
      }),
      { numRuns: 40 },
    )
  })
})
