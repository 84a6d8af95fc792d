import type { FaultCalls } from '../model/fault-call.ts'
import type { Plan, PlannedStep } from '../model/plan.ts'
import { runCapMs } from './caps.ts'
import { stateLines, stepCallLines, vmPath } from './step-calls.ts'
import type { StepCallLines, VmPlaces } from './step-calls.ts'

/** What a fault will ask for; null where it does not tell. */
export type CallsOf = (step: PlannedStep) => FaultCalls | null

/** What a run of this plan would do, line by line, for people: the first line is its title. */
export function describePlan(plan: Plan, places: VmPlaces, callsOf: CallsOf): string[] {
  const { scenario, lab } = plan
  return [
    `${scenario.scenario} on ${lab.lab}: ${scenario.question}`,
    ...limitLines(plan),
    'GET /version # release',
    ...plan.machines.flatMap((machine) => startLines(machine, places)),
    `wait until ${lab.pair.primary} and ${lab.pair.secondary} are settled, at most ${seconds(scenario.gate.settleWithinMs)}`,
    ...plan.vantages.flatMap(({ machine, streams }) =>
      streams.map(
        ({ name, use }) => `open stream ${name} (${use.kind}) from ${machine} to ${String(use.params['to'])}`,
      ),
    ),
    `wait for ${seconds(scenario.gate.cleanForMs)} of clean traffic`,
    ...plan.steps.flatMap((step) => describeStep(step, places, callsOf(step))),
    'verify that the pair is settled again',
    ...scenario.expect.map(
      (expectation) => `judge ${expectation.metric} of ${expectation.stream}: ${expectation.because}`,
    ),
  ]
}

/** What halts the run and heals it, whatever it still waits for; the limit of each fault is told with its step. */
const limitLines = ({ scenario }: Plan): string[] => [
  `limit of the run: halted and healed after ${seconds(runCapMs(scenario))}`,
  ...(scenario.stop ?? []).map(
    ({ probe, silentForMs }) => `stop condition: halted and healed when ${probe} is silent for ${seconds(silentForMs)}`,
  ),
]

const startLines = (machine: string, places: VmPlaces): string[] => [
  ...stateLines(machine, places),
  `POST ${vmPath(machine, places)}/status/start # start ${machine}, unless it runs`,
]

function describeStep(step: PlannedStep, places: VmPlaces, calls: FaultCalls | null): string[] {
  const lines = calls === null ? nothingTold(step) : stepCallLines(step, calls, places)
  const journal = step.action === 'fault' ? [`write the undo of ${step.fault.kind} to the journal`] : []
  const told = [
    titleOf(step, places),
    ...lines.before,
    ...journal,
    ...lines.act,
    ...lines.proof,
    ...alsoLines(step),
    ...capLines(step),
    `prove the effect, then observe for at most ${seconds(step.recoverWithinMs)}`,
  ]
  return told.map((line) => `${step.name}: ${line}`)
}

/** Further faults are told by name: their calls are those of steps of their own. */
const alsoLines = ({ action, also = [] }: PlannedStep): string[] =>
  also.map(({ afterMs, fault, refs }) =>
    action === 'fault'
      ? `${seconds(afterMs)} later: ${fault.kind} on ${refs.join(' and ')}, its undo written first`
      : `before it, heal ${fault.kind} on ${refs.join(' and ')}`,
  )

const capLines = ({ action, fault, also = [], maxDurationMs }: PlannedStep): string[] =>
  action === 'heal' || maxDurationMs === undefined
    ? []
    : [fault, ...also.map((further) => further.fault)].map(
        ({ kind }) => `limit of ${kind}: healed after ${seconds(maxDurationMs)}, whatever the drill still waits for`,
      )

const nothingTold = ({ fault }: PlannedStep): StepCallLines => ({
  before: [],
  act: [`(the calls of ${fault.kind} depend on the way in)`],
  proof: [],
})

/** A role is told with the machines that it may mean. */
function titleOf({ action, fault, of, refs }: PlannedStep, { roles, vms }: VmPlaces): string {
  if (action === 'heal') return `heal ${fault.kind} of step ${of}`
  const targets = refs.map((ref) => {
    const able = roles[ref]?.map((name) => (vms[name] === undefined ? name : `${name}, VM ${vms[name].vmid}`))
    return able === undefined ? ref : `${ref} (${able.join(', or ')})`
  })
  return `${fault.kind} on ${targets.join(' and ')}`
}

function seconds(ms: number): string {
  return `${ms / 1000} s`
}
