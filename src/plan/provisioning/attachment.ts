import type { Plan } from '../../model/plan.ts'
import type { Attachment, Target } from '../../model/target.ts'
import { possibleMachines } from '../../model/name.ts'

/**
 * Why a plan may not be run against machines that are only borrowed, one line each; empty where it may. `confirmed`: the cluster that the
 * person named with --confirm-cluster. Decided from files alone, before the first call.
 */
export function attachmentMistakes(
  plan: Plan,
  target: Pick<Target, 'machines'> & { attach: Attachment },
  confirmed: string | undefined,
): string[] {
  const { cluster, machines } = target.attach
  return [
    ...(confirmed === cluster ? [] : [confirmation(cluster, confirmed)]),
    ...Object.keys(machines).flatMap((machine) =>
      plan.machines.includes(machine) ? [] : [`attach names ${machine}, which is no machine of lab ${plan.lab.lab}`],
    ),
    ...sharedVmids(machines),
    ...plan.steps.flatMap((step) =>
      aimed(plan, [...step.refs, ...(step.also ?? []).flatMap(({ refs }) => refs)])
        .filter((machine) => !Object.hasOwn(machines, machine))
        .map((machine) => `step ${step.name}: ${machine} is not among the machines that attach declares`),
    ),
    ...target.attach.reflectors
      .filter((machine) => !plan.machines.includes(machine))
      .map((machine) => `attach.reflectors names ${machine}, which is no machine of lab ${plan.lab.lab}`),
    ...(target.attach.stop ?? [])
      .filter(({ probe }) => !Object.hasOwn(plan.scenario.probes, probe))
      .map(({ probe }) => `attach.stop names ${probe}, which is no probe of scenario ${plan.scenario.scenario}`),
    ...loggedInTo(plan)
      .filter((machine) => !Object.hasOwn(target.machines, machine))
      .map((machine) => `machine ${machine}: expected its ssh entry in the target file, since nothing is provisioned`),
  ]
}

/** The machines that a drill logs in to: both firewalls, and those that probes are sent from. */
function loggedInTo({ lab, vantages }: Plan): string[] {
  return [...new Set([lab.pair.primary, lab.pair.secondary, ...vantages.map(({ machine }) => machine)])]
}

function confirmation(cluster: string, confirmed: string | undefined): string {
  const came = confirmed === undefined ? 'nothing' : `"${confirmed}"`
  return `these machines are not ours: expected --confirm-cluster ${cluster}, got ${came}`
}

function sharedVmids(machines: Attachment['machines']): string[] {
  const entries = Object.entries(machines)
  return entries.flatMap(([machine, { vmid }], index) => {
    const other = entries.slice(0, index).find(([, earlier]) => earlier.vmid === vmid)
    return other === undefined ? [] : [`attach gives ${machine} and ${other[0]} the same VMID ${vmid}`]
  })
}

/** The machines that references may end up at: a role is either firewall of the pair. */
function aimed({ lab }: Plan, refs: string[]): string[] {
  return [...new Set(refs.flatMap((ref) => possibleMachines(ref, lab)))]
}
