import type { Scenario, Step } from '../model/scenario.ts'

const slackMs = 300_000
const bootMs = 300_000

/**
 * How long the fault of a step may last before it is healed whatever the drill still waits for: as the step says, else what it and the
 * steps before its heal may take to recover, and five minutes.
 */
export function faultCapMs(step: Step, steps: readonly Step[]): number {
  if (step.maxDurationMs !== undefined) return step.maxDurationMs
  const begin = steps.indexOf(step)
  const heal = steps.findIndex((other) => other.heal === step.name)
  return recoveries(steps.slice(begin, heal < 0 ? steps.length : heal)) + slackMs
}

/** How long a whole run may last: as the scenario says, else what its gates and steps may take, and ten minutes. */
export function runCapMs({ maxDuration, gate, steps }: Scenario): number {
  if (maxDuration !== undefined) return maxDuration
  return 3 * gate.settleWithinMs + gate.cleanForMs + recoveries(steps) + bootMs + slackMs
}

const recoveries = (steps: readonly Step[]): number =>
  steps.reduce((sum, { recoverWithinMs, holdForMs = 0 }) => sum + recoverWithinMs + holdForMs, 0)
