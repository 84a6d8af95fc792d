/** One drill of a suite: its scenario, and which of the scenario's trials it is, from 1. */
export interface Trial<S> {
  scenario: S
  number: number
  of: number
}

/**
 * The drills of a suite in their order: a group for each lab, in the order in which the labs are first named, since a lab is made once
 * for all of its drills; in a group each scenario with its trials.
 */
export function planSuite<S extends { labFile: string }>(scenarios: readonly S[], trials: number): Trial<S>[][] {
  const groups = Map.groupBy(scenarios, ({ labFile }) => labFile)
  return [...groups.values()].map((group) => group.flatMap((scenario) => trialsOf(scenario, trials)))
}

function trialsOf<S>(scenario: S, of: number): Trial<S>[] {
  return Array.from({ length: of }, (_, index) => ({ scenario, number: index + 1, of }))
}

/** What a lab's drills ask for, by which it is known beforehand which lab takes long. */
interface Lasting {
  plan: {
    scenario: {
      gate: { cleanForMs: number }
      steps: { recoverWithinMs: number; also?: { afterMs: number }[] | undefined }[]
    }
  }
}

/** The groups that take longest first, by what their scenarios allow each step: side by side, the last one to end is then a short one. */
export const longestFirst = <S extends Lasting>(groups: readonly Trial<S>[][]): Trial<S>[][] =>
  groups.toSorted((one, other) => allowedMs(other) - allowedMs(one))

const allowedMs = (group: readonly Trial<Lasting>[]): number =>
  group.reduce((sum, { scenario: { plan } }) => {
    const { gate, steps } = plan.scenario
    const further = steps.flatMap(({ also = [] }) => also.map(({ afterMs }) => afterMs))
    return [gate.cleanForMs, ...steps.map(({ recoverWithinMs }) => recoverWithinMs), ...further].reduce(
      (a, b) => a + b,
      sum,
    )
  }, 0)
