import { HarnessError, exitCodes } from '../../model/failure.ts'
import type { Attachment } from '../../model/target.ts'
import type { ClusterReader, VmHost } from '../../ports/provisioning.ts'

/**
 * Checks that borrowed machines may be drilled, by reading only: the cluster is the one that was confirmed, every VM exists, is no
 * template, and is neither HA-managed (its power calls act later, elsewhere) nor protected. Exit 69 with every reason, one line each.
 */
export async function attachLab(
  site: { cluster: ClusterReader; vms: Pick<VmHost, 'list'> },
  { cluster, machines }: Pick<Attachment, 'cluster' | 'machines'>,
  signal: AbortSignal,
): Promise<void> {
  const { name } = await site.cluster.cluster(signal)
  if (name !== cluster) throw refusal([`expected cluster ${cluster}, as the target file says, got ${name}`])
  const vms = await site.vms.list(signal)
  const refusals = await Promise.all(
    Object.entries(machines).map(async ([machine, { vmid }]) => {
      const vm = vms.find((each) => each.vmid === vmid)
      if (vm === undefined) return [`${machine}: expected VM ${vmid} on cluster ${cluster}, found none`]
      if (vm.isTemplate) return [`${machine}: VM ${vmid} (${vm.name}) is a template`]
      const { haManaged, isProtected } = await site.cluster.protection(vmid, signal)
      const who = `${machine}: VM ${vmid} (${vm.name})`
      return [
        ...(haManaged
          ? [`${who} is managed by HA, which would act against the drill; set its HA state to ignored`]
          : []),
        ...(isProtected ? [`${who} has protection: 1; clear it if this machine may really be drilled`] : []),
      ]
    }),
  )
  if (refusals.flat().length > 0) throw refusal(refusals.flat())
}

function refusal(lines: string[]): HarnessError {
  return new HarnessError(lines.join('\n'), { exitCode: exitCodes.unavailable, hint: 'nothing was touched' })
}
