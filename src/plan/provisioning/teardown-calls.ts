import type { Call } from './call.ts'
import { all, onVm } from './needs.ts'
import type { ProvisioningPlan } from './plan.ts'

/** Every call of the teardown, in the reverse order of provisioning. The teardown itself goes by what it finds, not by this list. */
export function teardownCalls(plan: ProvisioningPlan): Call[] {
  const lockToken = plan.place.release.major >= 9 ? { 'lock-token': '{token}' } : {}
  return plan.steps.toReversed().flatMap((step): Call[] => {
    const node = `/nodes/${'node' in step ? step.node : plan.place.node}`
    if (step.kind === 'clone') {
      const vm = `${node}/qemu/${step.vmid}`
      const power = onVm(plan.pool, step.vmid, 'VM.PowerMgmt')
      return [
        remove('POST', `${vm}/status/stop`, {}, power, `stop ${step.machine}`),
        remove(
          'DELETE',
          `${vm}?purge=1`,
          {},
          onVm(plan.pool, step.vmid, 'VM.Allocate'),
          `delete ${step.machine} and its disks`,
        ),
      ]
    }
    if (step.kind === 'disc') {
      const volume = `${node}/storage/${step.storage}/content/${step.storage}:iso/${step.fileName}`
      const needs = [{ paths: [`/storage/${step.storage}`], privileges: ['Datastore.Allocate'] }]
      return [remove('DELETE', volume, {}, needs, `delete the CD of ${step.machine}`)]
    }
    if (step.kind === 'networks') return networkCalls(step, lockToken)
    if (step.kind !== 'claim') return []
    const pool = all([`/pool/${step.pool}`], 'Pool.Allocate')
    return [remove('DELETE', `/pools?poolid=${step.pool}`, {}, pool, 'release the lock')]
  })
}

type Networks = Extract<ProvisioningPlan['steps'][number], { kind: 'networks' }>

function networkCalls({ zone, vnets }: Networks, lockToken: Record<string, string>): Call[] {
  const onSdn = all(['/sdn'], 'SDN.Allocate')
  const onZone = all([`/sdn/zones/${zone.zone}`], 'SDN.Allocate')
  return [
    ...vnets.map(({ vnet, alias }) => remove('DELETE', `/cluster/sdn/vnets/${vnet}`, lockToken, onZone, alias)),
    remove('PUT', '/cluster/sdn', lockToken, onSdn, 'apply: the vnets are gone'),
    remove('DELETE', `/cluster/sdn/zones/${zone.zone}`, lockToken, onZone, 'zone of the lab'),
    remove('PUT', '/cluster/sdn', lockToken, onSdn, 'apply: the zone is gone'),
  ]
}

function remove(
  method: Call['method'],
  path: string,
  parameters: Call['parameters'],
  needs: Call['needs'],
  why: string,
): Call {
  return { method, path, parameters, needs, why }
}
