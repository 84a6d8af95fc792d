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
