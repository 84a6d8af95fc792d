import type { Plan, PlannedStep } from '../model/plan.ts'

/** What a run of this plan would do, line by line, for people. */
export function describePlan(plan: Plan): string[] {
  const { scenario, lab } = plan
  return [
    `${scenario.scenario} on ${lab.lab}: ${scenario.question}`,
    ...plan.machines.map(
      (machine) => `start ${machine}: POST /nodes/{node}/qemu/{vmid of ${lab.lab}-${machine}}/status/start`,
    ),
    `wait until ${lab.pair.primary} and ${lab.pair.secondary} are settled, at most ${seconds(scenario.gate.settleWithinMs)}`,
    ...plan.vantages.flatMap(({ machine, streams }) =>
      streams.map(
        ({ name, use }) => `open stream ${name} (${use.kind}) from ${machine} to ${String(use.params['to'])}`,
      ),
    ),
    `wait for ${seconds(scenario.gate.cleanForMs)} of clean traffic`,
    ...plan.steps.flatMap(describeStep),
    'verify that the pair is settled again',
    ...scenario.expect.map(
      (expectation) => `judge ${expectation.metric} of ${expectation.stream}: ${expectation.because}`,
    ),
  ]
}

function describeStep(step: PlannedStep): string[] {
  const target = step.refs.join(', ')
  const begin =
    step.action === 'fault'
      ? [
          `${step.name}: write the undo of ${step.fault.kind} to the journal`,
          `${step.name}: ${step.fault.kind} on ${target}`,
        ]
      : [`${step.name}: heal ${step.fault.kind} of step ${step.of}`]
  return [...begin, `${step.name}: prove the effect, then observe for at most ${seconds(step.recoverWithinMs)}`]
}

function seconds(ms: number): string {
  return `${ms / 1000} s`
}
