import { faults } from '../faults/index.ts'
import { exitCodes } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'
import type { Attachment, Target } from '../model/target.ts'
import { describePlan } from '../plan/description.ts'
import { attachmentMistakes } from '../plan/provisioning/attachment.ts'
import { callLine } from '../plan/provisioning/call.ts'
import { provisioningCalls } from '../plan/provisioning/calls.ts'
import { secretNames, shownMaterial } from '../plan/provisioning/material.ts'
import { provisioningMistakes } from '../plan/provisioning/mistakes.ts'
import { placeOf } from '../plan/provisioning/place.ts'
import { nodeOf, planProvisioning } from '../plan/provisioning/plan.ts'
import type { ProvisioningPlan } from '../plan/provisioning/plan.ts'
import { rollbackCalls } from '../plan/provisioning/snapshot-calls.ts'
import { teardownCalls } from '../plan/provisioning/teardown-calls.ts'
import { planSuite } from '../plan/suite.ts'
import type { Trial } from '../plan/suite.ts'
import type { VmPlaces } from '../plan/step-calls.ts'
import { loadScenarios } from './loading.ts'
import type { LoadedScenario } from './loading.ts'
import { refuseMistakes } from './provisioned-lab.ts'
import { readTarget } from './target-file.ts'
import type { Terminal } from './terminal.ts'

/** Where a plan would be carried out; without a target, on the embedded lab. */
interface PlanPlace {
  target?: string
  instance?: number
  confirmCluster?: string
  trials?: number
}

/** The release whose calls are shown; on 8.x the SDN calls are without lock, and the guest agent needs VM.Monitor. */
const shownRelease = { major: 9, minor: 1 }

/** `firedrill plan`: every call that a run would make, in order, without making any. */
export async function plan(paths: string[], place: PlanPlace, terminal: Terminal): Promise<ExitCode> {
  const target = place.target === undefined ? null : await readTarget(place.target)
  for (const group of planSuite(await loadScenarios(paths), place.trials ?? 1)) {
    const lines =
      target?.attach === undefined
        ? withLab(group, target, place.instance ?? 0)
        : attached(group, { ...target, attach: target.attach }, place.confirmCluster)
    terminal.print([titleOf(group), ...lines].join('\n'))
  }
  return exitCodes.pass
}

type Group = readonly Trial<LoadedScenario>[]

/** `opnsense-single-wan, 3 drills: master-power-off` */
function titleOf(group: Group): string {
  const lab = group[0]?.scenario.plan.lab.lab
  const names = new Set(group.map(({ scenario }) => scenario.plan.scenario.scenario))
  return `lab ${lab}, ${group.length === 1 ? '1 drill' : `${group.length} drills`}: ${[...names].join(', ')}`
}

function withLab(group: Group, target: Target | null, instance: number): string[] {
  const lab = group[0]?.scenario.plan.lab
  if (lab === undefined) return []
  const mistakes = provisioningMistakes(lab, instance, secretNames(lab))
  if (target !== null) refuseMistakes(mistakes)
  if (mistakes.length > 0) {
    const told = mistakes.map((line) => `cannot be provisioned: ${line}`)
    return [...told, ...drills(group, { ...nowhere, roles: rolesOf(lab) }, [])]
  }
  const place = placeOf(target ?? { node: 'pve1' }, instance, shownRelease)
  const rollsBack = group.length > 1
  const made = { ...planProvisioning(lab, place, shownMaterial(secretNames(lab))), rollsBack }
  return [
    ...provisioningCalls(made).map(callLine),
    ...drills(group, placesOf(made), rollsBack ? rollbackCalls(made).map(callLine) : []),
    ...teardownCalls(made).map(callLine),
  ]
}

/** The drills of a group. A further trial of a scenario is the first one again. */
function drills(group: Group, places: VmPlaces, between: string[]): string[] {
  return group.flatMap(({ scenario, number, of }, index) => {
    const reset = index === 0 ? [] : between
    const { lab, scenario: about } = scenario.plan
    const callsOf: Parameters<typeof describePlan>[2] = ({ fault, refs }) =>
      faults[fault.kind]?.calls?.({ machines: refs, params: fault.params }, lab) ?? null
    if (number === 1) return [...reset, ...describePlan(scenario.plan, places, callsOf), ...warningsOf(scenario)]
    return [...reset, `${about.scenario}, trial ${number} of ${of}: as trial 1`]
  })
}

/** What a person should know of the faults as they are written. */
function warningsOf({ plan: { steps } }: LoadedScenario): string[] {
  return steps.flatMap(({ name, action, fault, refs }) => {
    const warning = faults[fault.kind]?.warns?.({ machines: refs, params: fault.params }) ?? null
    return warning === null || action === 'heal' ? [] : [`${name}: warning: ${warning}`]
  })
}

function attached(group: Group, target: Target & { attach: Attachment }, confirmed: string | undefined): string[] {
  const mistakes = group.flatMap(({ scenario }) => attachmentMistakes(scenario.plan, target, confirmed))
  refuseMistakes([...new Set(mistakes)])
  const { cluster, machines } = target.attach
  const checks = Object.entries(machines).map(
    ([machine, { vmid }]) =>
      `GET /nodes/${target.node}/qemu/${vmid}/status/current # ${machine}: not HA-managed, not protected`,
  )
  const vms = Object.fromEntries(
    Object.entries(machines).map(([machine, { vmid }]) => [machine, { node: target.node, vmid }]),
  )
  const touched = group.map((trial) => ({ ...trial, scenario: onlyTouched(trial.scenario, Object.keys(machines)) }))
  const roles = rolesOf(group[0]?.scenario.plan.lab)
  const places = { node: target.node, vms, isDeclared: true, roles }
  return [`GET /cluster/status # is this cluster ${cluster}?`, ...checks, ...drills(touched, places, [])]
}

/** Machines that are only borrowed for their answers are not started. */
function onlyTouched(scenario: LoadedScenario, machines: readonly string[]): LoadedScenario {
  const { plan: whole } = scenario
  return { ...scenario, plan: { ...whole, machines: whole.machines.filter((machine) => machines.includes(machine)) } }
}

const nowhere = { node: '{node}', vms: {}, isDeclared: false }

function placesOf(made: ProvisioningPlan): VmPlaces {
  const { steps, lab, place } = made
  const vms = Object.fromEntries(
    steps.flatMap((step) =>
      step.kind === 'clone' ? [[step.machine, { node: nodeOf(made, step.machine), vmid: step.vmid }] as const] : [],
    ),
  )
  return { node: place.node, vms, isDeclared: false, roles: rolesOf(lab) }
}

/** The machines that each role may mean; `$primary` and `$secondary` are known beforehand. */
function rolesOf(lab: Lab | undefined): VmPlaces['roles'] {
  if (lab === undefined) return {}
  const { primary, secondary } = lab.pair
  const pair = [primary, secondary]
  return { $master: pair, $backup: pair, $primary: [primary], $secondary: [secondary] }
}
