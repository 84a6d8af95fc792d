import type { Lab } from '../model/lab.ts'
import type { Plan, PlannedStep, PlannedVantage } from '../model/plan.ts'
import type { Scenario, Step } from '../model/scenario.ts'
import { faultCapMs } from './caps.ts'

/** Orders a scenario and its lab into what the engine will do. Both have been checked: every name in them refers to something. */
export function planDrill(scenario: Scenario, lab: Lab): Plan {
  return {
    scenario,
    lab,
    machines: Object.keys(lab.machines),
    vantages: vantagesOf(scenario),
    steps: stepsOf(scenario.steps),
  }
}

function vantagesOf(scenario: Scenario): PlannedVantage[] {
  const streams = Object.entries(scenario.probes).map(([name, use]) => ({
    name,
    use,
    from: String(use.params['from']),
  }))
  return Object.entries(Object.groupBy(streams, ({ from }) => from)).map(([machine, own]) => ({
    machine,
    streams: (own ?? []).map(({ name, use }) => ({ name, use })),
  }))
}

function stepsOf(steps: Step[]): PlannedStep[] {
  return steps.flatMap((step) => {
    const origin = step.fault === undefined ? steps.find((other) => other.name === step.heal) : step
    if (origin?.fault === undefined) return []
    const { name, recoverWithinMs } = step
    const maxDurationMs = faultCapMs(origin, steps)
    const action = step.fault === undefined ? ('heal' as const) : ('fault' as const)
    return [
      {
        name,
        action,
        fault: origin.fault,
        of: origin.name,
        refs: refsOf(origin.fault.params),
        ...alsoOf(origin),
        ...(step.silences === undefined ? {} : { silences: step.silences }),
        recoverWithinMs,
        ...(step.holdForMs === undefined ? {} : { holdForMs: step.holdForMs }),
        maxDurationMs,
      },
    ]
  })
}

const alsoOf = ({ also }: Step): Pick<PlannedStep, 'also'> =>
  also === undefined ? {} : { also: also.map(({ afterMs, fault }) => ({ afterMs, fault, refs: refsOf(fault.params) })) }

/** What a fault is aimed at, `on` machines or between two of them. */
function refsOf({ on, from, to }: Readonly<Record<string, unknown>>): string[] {
  if (typeof from === 'string' && typeof to === 'string') return [from, to]
  return Array.isArray(on) ? on.map(String) : [String(on)]
}
