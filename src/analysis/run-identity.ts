import type { EventOf } from '../model/event.ts'
import { labSchema } from '../model/lab.ts'
import type { Lab } from '../model/lab.ts'
import type { RunIdentity } from '../model/result.ts'
import { resolvedScenarioSchema } from '../model/scenario.ts'
import type { Scenario } from '../model/scenario.ts'
import type { Facts } from './facts.ts'

/** What was run. `unreadable` says what of it the recording does not tell; the fields then hold placeholders without content. */
export interface Subject {
  run: RunIdentity
  scenario: Scenario
  lab: Lab
  unreadable: string | null
}

/** Reads what was run from the recording's first facts. Never throws. */
export function subjectOf(facts: Facts, recordingSha256: string): Subject {
  const started = facts.of('run-started')[0]
  const scenario = resolvedScenarioSchema.safeParse(started?.scenario)
  const lab = labSchema.safeParse(started?.lab)
  return {
    run: identityOf(facts, started, recordingSha256),
    scenario: scenario.success ? scenario.data : noScenario,
    lab: lab.success ? lab.data : noLab,
    unreadable:
      started === undefined
        ? 'the recording does not say what was run (no run-started)'
        : scenario.success && lab.success
          ? null
          : 'the recording holds no readable scenario and lab',
  }
}

function identityOf(facts: Facts, started: EventOf<'run-started'> | undefined, recordingSha256: string): RunIdentity {
  const versions = facts.of('versions').at(-1)
  return {
    runId: started?.runId ?? '',
    tool: started?.tool ?? { name: 'firedrill', version: '' },
    startedAt: started?.startedAt ?? '',
    endedAt: facts.of('run-ended').at(-1)?.endedAt ?? null,
    durationMs: facts.last?.atMs ?? 0,
    seed: started?.seed ?? 0,
    scenarioFile: started?.scenarioFile ?? '',
    scenarioSha256: started?.scenarioSha256 ?? '',
    recordingSha256,
    hypervisor: versions?.hypervisor ?? null,
    machineVersions: versions?.machines ?? {},
    host: started?.host ?? {},
  }
}

const noScenario: Scenario = {
  scenario: 'unknown',
  question: '',
  red: '',
  lab: '',
  gate: { cleanForMs: 0, settleWithinMs: 0 },
  probes: {},
  steps: [],
  expect: [],
  claims: [],
}

const noLab: Lab = {
  lab: 'unknown',
  networks: {},
  machines: {},
  pair: { primary: '', secondary: '', preempt: true, wanHook: false, vips: [] },
}
