import { cleanSnapshot } from '../../plan/provisioning/names.ts'
import type { SnapshotHost } from '../../ports/provisioning.ts'
import { despiteLocks } from './lock-retry.ts'
import type { ProvisionedLab } from './provision-lab.ts'
import { awaitSsh } from './readiness.ts'
import { callSignal } from './site.ts'
import type { Site } from './site.ts'

type SnapshotSite = Pick<Site, 'clock' | 'progress'> & { snapshots: SnapshotHost }

/** Snapshots every machine of a lab, so that each trial can begin from the same disks. A snapshot that is there stays. */
export async function takeCleanSnapshots(site: SnapshotSite, lab: ProvisionedLab): Promise<void> {
  await forEachVm(site, lab, async (vmid, signal) => {
    const { snapshots, takeSnapshot } = site.snapshots
    if (!(await snapshots(vmid, signal)).includes(cleanSnapshot)) await takeSnapshot(vmid, cleanSnapshot, signal)
  })
  site.progress(`snapshot ${cleanSnapshot} of ${Object.keys(lab.vmids).join(', ')}`)
}

/** Brings every machine back to its clean disk, started and answering. Their memory is lost, as after a power cut. */
export async function returnToClean(
  site: Site & SnapshotSite,
  lab: ProvisionedLab,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted()
  await forEachVm(site, lab, (vmid, calling) => site.snapshots.rollback(vmid, cleanSnapshot, calling))
  site.progress(`${Object.keys(lab.vmids).join(', ')}: back to ${cleanSnapshot}`)
  const shell = site.openShell(lab.machines)
  try {
    await allOf(
      Object.keys(lab.vmids).map(async (machine) => {
        await site.power.start(machine, callSignal())
        await awaitSsh(site, shell, machine, signal)
      }),
    )
  } finally {
    await shell.close()
  }
}

async function forEachVm(
  { clock }: SnapshotSite,
  { vmids }: ProvisionedLab,
  job: (vmid: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const signal = callSignal()
  await allOf(Object.values(vmids).map((vmid) => despiteLocks(clock, signal, () => job(vmid, signal))))
}

/** When one fails, the others are waited for all the same, so that nothing is still under way when somebody tries again or tears down. */
async function allOf(jobs: Promise<void>[]): Promise<void> {
  await Promise.allSettled(jobs)
  await Promise.all(jobs)
}
