import { describe, expect, test } from 'vitest'
import { Interruption } from '../model/failure.ts'
import { fakeLab } from './fake-lab.fixture.ts'
import { runDrill } from './run-drill.ts'

const whole = new Set(['fw1', 'fw2', 'client', 'target'])

/** Whatever halts it, everything that was broken is healed, and the run counts for nothing. */
async function haltedBy(lab: ReturnType<typeof fakeLab>): Promise<string> {
  const { outcome, reason, leftToUndo } = await lab.run()
  expect({ outcome, leftToUndo, running: lab.running }).toEqual({ outcome: 'aborted', leftToUndo: [], running: whole })
  expect(lab.calls).toContain('stop fw1')
  expect(lab.calls).toContain('journal done')
  return reason
}

describe('a drill is halted and healed', () => {
  test('when a fault has lasted as long as it may', async () => {
    const lab = fakeLab()
    lab.drill.plan.steps = lab.drill.plan.steps.map((step) => ({ ...step, maxDurationMs: 2000 }))
    expect(await haltedBy(lab)).toBe('vm-stop on fw1 has lasted 2 s, which is its limit')
  })

  test('when the run has lasted as long as it may', async () => {
    const lab = fakeLab()
    lab.drill.plan.scenario.maxDuration = 8000
    expect(await haltedBy(lab)).toBe('the run has lasted 8 s, which is its limit')
  })

  test('when a stream of a stop condition has been silent for too long', async () => {
    const lab = fakeLab()
    lab.drill.plan.scenario.stop = [{ probe: 'outside', silentForMs: 1500 }]
    expect(await haltedBy(lab)).toBe('stop condition: outside has had no answer for 1.5 s')
  })

  test('and not when nothing of that is met', async () => {
    const lab = fakeLab()
    lab.drill.plan.scenario.stop = [{ probe: 'outside', silentForMs: 20_000 }]
    expect(await lab.run()).toMatchObject({ outcome: 'completed' })
  })
})

describe('who asks twice for the end', () => {
  test('gets it as soon as everything is undone, whatever is still being measured', async () => {
    const lab = fakeLab()
    const [first, again] = [new AbortController(), new AbortController()]
    const { startVantage, clock } = lab.drill
    let waits = 0
    const drill = {
      ...lab.drill,
      startVantage: async (_: unknown, signal: AbortSignal) => ({
        ...(await startVantage(_, signal)),
        stop: async () => {
          waits += 1
          again.abort()
          await clock.sleep(10 ** 9, new AbortController().signal)
        },
      }),
    }
    void clock.sleep(10_000, first.signal).then(() => first.abort(new Interruption('SIGINT', again.signal)))
    const end = await clock.runUntil(runDrill(drill, first.signal), 600_000)
    expect(end).toMatchObject({ outcome: 'interrupted', reason: 'interrupted by SIGINT', leftToUndo: [] })
    expect({ waits, running: lab.running }).toEqual({ waits: 1, running: whole })
    expect(lab.calls.filter((call) => call.startsWith('journal'))).toEqual(['journal planned', 'journal done'])
  })
})
