import { startClock } from '../engine/clock.ts'
import { returnToClean, takeCleanSnapshots } from '../engine/provisioning/clean-snapshot.ts'
import { openSite } from './provisioned-lab.ts'
import type { ProvisioningWish, StandingLab } from './provisioned-lab.ts'

/** The state in which every trial on a lab begins, as snapshots of its machines. */
export interface CleanSlate {
  keep(): Promise<void>
  restore(signal: AbortSignal): Promise<void>
}

/** The clean slate of a lab that we made; only of such a one. */
export function cleanSlateOf(wish: ProvisioningWish, lab: StandingLab, progress: (text: string) => void): CleanSlate {
  const withSite = async (job: (site: SnapshotSite) => Promise<void>) => {
    const { site, hypervisor } = await openSite(wish.lab, wish.target, wish.instance, startClock(), progress)
    try {
      await job({ ...site, snapshots: hypervisor.snapshots })
    } finally {
      await hypervisor.close()
    }
  }
  return {
    keep: () => withSite((site) => takeCleanSnapshots(site, lab)),
    restore: (signal) => withSite((site) => returnToClean(site, lab, signal)),
  }
}

type SnapshotSite = Parameters<typeof returnToClean>[0]
