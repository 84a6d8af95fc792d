import type { Call } from './call.ts'
import { cleanSnapshot } from './names.ts'
import { onVm } from './needs.ts'
import { nodeOf } from './plan.ts'
import type { ProvisioningPlan } from './plan.ts'

/** The calls that keep the state in which every trial begins. */
export const snapshotCalls = (plan: ProvisioningPlan): Call[] =>
  vmsOf(plan).flatMap(({ machine, vmid, path }) => {
    const listed = { parameters: {}, needs: onVm(plan.pool, vmid, 'VM.Audit'), why: `snapshots of ${machine}` }
    const parameters = { snapname: cleanSnapshot, vmstate: '0' }
    const needs = onVm(plan.pool, vmid, 'VM.Snapshot')
    return [
      { method: 'GET', path: `${path}/snapshot`, ...listed },
      { method: 'POST', path: `${path}/snapshot`, parameters, needs, why: `clean state of ${machine}` },
    ]
  })

/** The calls that bring all machines back to it, and start them again. */
export const rollbackCalls = (plan: ProvisioningPlan): Call[] => {
  const vms = vmsOf(plan)
  return [
    ...vms.map(({ machine, vmid, path }): Call => {
      const needs = [
        { paths: [`/pool/${plan.pool}`, `/vms/${vmid}`], privileges: ['VM.Snapshot.Rollback', 'VM.Snapshot'] },
      ]
      const why = `${machine} as it was, powered off`
      return {
        method: 'POST',
        path: `${path}/snapshot/${cleanSnapshot}/rollback`,
        parameters: { start: '0' },
        needs,
        why,
      }
    }),
    ...vms.map(({ machine, vmid, path }): Call => {
      const needs = onVm(plan.pool, vmid, 'VM.PowerMgmt', 'VM.Audit')
      return { method: 'POST', path: `${path}/status/start`, parameters: {}, needs, why: `start ${machine}` }
    }),
    ...vms.map(({ machine }): Call => {
      return { method: 'SSH', path: machine, parameters: { command: 'true' }, needs: [], why: `${machine} answers` }
    }),
  ]
}

const vmsOf = (plan: ProvisioningPlan) =>
  plan.steps.flatMap((step) =>
    step.kind === 'clone'
      ? [{ machine: step.machine, vmid: step.vmid, path: `/nodes/${nodeOf(plan, step.machine)}/qemu/${step.vmid}` }]
      : [],
  )
