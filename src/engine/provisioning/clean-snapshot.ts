import type { SnapshotHost } from '../../ports/provisioning.ts'
import { despiteLocks } from './lock-retry.ts'
import type { ProvisionedLab } from './provision-lab.ts'
import { awaitSsh } from './readiness.ts'
import { callSignal } from './site.ts'
import type { Site } from './site.ts'

/** The state of a lab's machines right after provisioning. */
export const cleanSnapshot = 'firedrill-clean'

type SnapshotSite = Pick<Site, 'clock' | 'progress'> & { snapshots: SnapshotHost }

/** Snapshots every machine of a lab, so that each trial can begin from the same disks. A snapshot that is there stays. */
export async function takeCleanSnapshots(site: SnapshotSite, lab: ProvisionedLab): Promise<void> {
  const signal = callSignal()
  for (const [machine, vmid] of Object.entries(lab.vmids)) {
    if ((await site.snapshots.snapshots(vmid, signal)).includes(cleanSnapshot)) continue
    await despiteLocks(site.clock, signal, () => site.snapshots.takeSnapshot(vmid, cleanSnapshot, signal))
    site.progress(`${machine}: snapshot ${cleanSnapshot}`)
  }
}

/** Brings every machine back to its clean disk, started and answering. Their memory is lost, as after a power cut. */
export async function returnToClean(
  site: Site & SnapshotSite,
  lab: ProvisionedLab,
  signal: AbortSignal,
): Promise<void> {
  for (const vmid of Object.values(lab.vmids)) {
    signal.throwIfAborted()
    const calling = callSignal()
    await despiteLocks(site.clock, calling, () => site.snapshots.rollback(vmid, cleanSnapshot, calling))
  }
  const shell = site.openShell(lab.machines)
  try {
    await Promise.all(
      Object.keys(lab.vmids).map(async (machine) => {
        await site.power.start(machine, callSignal())
        await awaitSsh(site, shell, machine, signal)
      }),
    )
  } finally {
    await shell.close()
  }
}
