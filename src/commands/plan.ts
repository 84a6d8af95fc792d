import { exitCodes } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'
import type { Plan } from '../model/plan.ts'
import type { Target } from '../model/target.ts'
import { describePlan } from '../plan/description.ts'
import { attachmentMistakes } from '../plan/provisioning/attachment.ts'
import { callLine } from '../plan/provisioning/call.ts'
import { provisioningCalls } from '../plan/provisioning/calls.ts'
import { secretNames, shownMaterial } from '../plan/provisioning/material.ts'
import { provisioningMistakes } from '../plan/provisioning/mistakes.ts'
import { placeOf } from '../plan/provisioning/place.ts'
import { planProvisioning } from '../plan/provisioning/plan.ts'
import { teardownCalls } from '../plan/provisioning/teardown-calls.ts'
import { loadScenarios } from './loading.ts'
import { refuseMistakes } from './provisioned-lab.ts'
import { readTarget } from './target-file.ts'
import type { Terminal } from './terminal.ts'

/** Where a plan would be carried out; without a target, on the embedded lab. */
interface PlanPlace {
  target?: string
  instance?: number
  confirmCluster?: string
}

/** The release whose calls are shown; on 8.x the SDN calls are without lock, and the guest agent needs VM.Monitor. */
const shownRelease = { major: 9, minor: 1 }

/** `firedrill plan`: every call that a run would make, in order, without making any. */
export async function plan(paths: string[], place: PlanPlace, terminal: Terminal): Promise<ExitCode> {
  const target = place.target === undefined ? null : await readTarget(place.target)
  for (const loaded of await loadScenarios(paths)) {
    const lines =
      target?.attach === undefined
        ? describeWithLab(loaded.plan, target, place.instance ?? 0)
        : describeAttached(loaded.plan, { ...target, attach: target.attach }, place.confirmCluster)
    terminal.print(lines.join('\n'))
  }
  return exitCodes.pass
}

function describeWithLab(drill: Plan, target: Target | null, instance: number): string[] {
  const [title = '', ...steps] = describePlan(drill)
  const mistakes = provisioningMistakes(drill.lab, instance, secretNames(drill.lab))
  if (target !== null) refuseMistakes(mistakes)
  if (mistakes.length > 0) return [title, ...mistakes.map((line) => `cannot be provisioned: ${line}`), ...steps]
  const { before, after } = labCalls(drill.lab, target, instance)
  return [title, ...before, ...steps.filter((line) => !line.startsWith('start ')), ...after]
}

function labCalls(lab: Lab, target: Target | null, instance: number): { before: string[]; after: string[] } {
  const place = placeOf(target ?? { node: 'pve1' }, instance, shownRelease)
  const made = planProvisioning(lab, place, shownMaterial(secretNames(lab)))
  return { before: provisioningCalls(made).map(callLine), after: teardownCalls(made).map(callLine) }
}

function describeAttached(
  drill: Plan,
  target: Target & { attach: NonNullable<Target['attach']> },
  confirmed: string | undefined,
): string[] {
  refuseMistakes(attachmentMistakes(drill, target, confirmed))
  const { cluster, machines } = target.attach
  const [title = '', ...steps] = describePlan(drill)
  const checks = Object.entries(machines).map(
    ([machine, { vmid }]) =>
      `GET /nodes/${target.node}/qemu/${vmid}/status/current # ${machine}: not HA-managed, not protected`,
  )
  return [title, `GET /cluster/status # is this cluster ${cluster}?`, ...checks, ...steps]
}
