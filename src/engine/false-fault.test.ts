import fc from 'fast-check'
import { expect, test } from 'vitest'
import { analyse } from '../analysis/analyse.ts'
import { judge } from '../checks/judge.ts'
import type { Effect, Fault } from '../faults/fault.ts'
import { vmStop } from '../faults/vm-stop.ts'
import type { Result } from '../model/result.ts'
import { fakeLab } from './fake-lab.fixture.ts'

/** What is judged of a drill whose fault says so of its own effect, everything else going as it should. */
async function verdictWith(verifyBegun: () => Promise<Effect>, limitMs: number): Promise<Result> {
  const lab = fakeLab()
  const { plan, recorder } = lab.drill
  const fault: Fault = { ...vmStop, verifyBegun }
  lab.drill.faults['vm-stop'] = fault
  plan.scenario.expect.push({
    metric: 'failover.outage',
    stream: 'outside',
    max: limitMs,
    level: 'fail',
    because: 'so it is asked',
  })
  recorder.record({
    type: 'run-started',
    runId: 'run',
    tool: { name: 'firedrill', version: '0' },
    startedAt: new Date(0).toISOString(),
    seed: 1,
    scenario: plan.scenario,
    scenarioFile: 'drill.yaml',
    scenarioSha256: 'a'.repeat(64),
    lab: plan.lab,
    host: {},
  })
  expect(await lab.run()).toMatchObject({ leftToUndo: [] })
  expect(lab.running.size).toBe(4)
  return judge(analyse(lab.events, 'a'.repeat(64)))
}

/** What became of the expectation. */
const outageIn = (findings: Result['findings']) =>
  findings.filter(({ kind }) => kind === 'expectation').map(({ verdict }) => verdict)

test('a fault whose effect nobody has seen never makes a drill pass or fail, whatever its limits are', async () => {
  const evidence = 'nothing was seen of it'
  const unseen = () => Promise.resolve({ proven: false, evidence })
  const broken = () => Promise.reject(new Error(evidence))
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(unseen, broken), fc.constantFrom(1, 4500, 600_000), async (verify, limitMs) => {
      const { verdict, findings } = await verdictWith(verify, limitMs)
      expect({ verdict, of: outageIn(findings) }).toEqual({ verdict: 'unknown', of: ['unknown'] })
    }),
    { numRuns: 6 },
  )
})

test('the same drill is judged by its limits once the effect is proven', async () => {
  const seen = () => Promise.resolve({ proven: true, evidence: 'the hypervisor says so' })
  expect(outageIn((await verdictWith(seen, 1)).findings)).toEqual(['fail'])
  expect(outageIn((await verdictWith(seen, 600_000)).findings)).toEqual(['pass'])
})
