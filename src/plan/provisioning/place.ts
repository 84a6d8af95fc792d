import type { Target } from '../../model/target.ts'

/** Where a lab is provisioned. `instance` (from 0) shifts VMIDs and VLAN tags by ten each, so that labs run side by side. */
export interface LabPlace {
  node: string
  /** Holds cloud-init drives, and disks unless the template's own storage does. */
  storage: string
  isoStorage: string
  /** The bridge that carries the lab's VLANs. */
  bridge: string
  firstVmid: number
  instance: number
  release: { major: number; minor: number }
}

/** The place that a target file describes, with the defaults of a fresh Proxmox VE. */
export function placeOf(
  target: Pick<Target, 'node' | 'storage' | 'isoStorage' | 'bridge' | 'firstVmid'>,
  instance: number,
  release: LabPlace['release'],
): LabPlace {
  const storage = target.storage ?? 'local'
  return {
    node: target.node,
    storage,
    isoStorage: target.isoStorage ?? storage,
    bridge: target.bridge ?? 'vmbr0',
    firstVmid: target.firstVmid ?? 9100,
    instance,
    release: { major: release.major, minor: release.minor },
  }
}
