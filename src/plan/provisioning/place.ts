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
  /** The node of machines that live on a second one. */
  secondNode?: string
  /** The addresses by which both nodes reach each other, for tunnels between them. */
  peers?: string[]
}

/** A node of the cluster, as it says itself. */
interface Member {
  node: string
  online: boolean
  address?: string
}

/** The place that a target file describes, with the defaults of a fresh Proxmox VE. `members`: the nodes of its cluster, where they are known. */
export function placeOf(
  target: Pick<Target, 'node' | 'storage' | 'isoStorage' | 'bridge' | 'firstVmid'>,
  instance: number,
  release: LabPlace['release'],
  members: readonly Member[] = [],
): LabPlace {
  const storage = target.storage ?? 'local'
  const own = members.find(({ node }) => node === target.node)
  const second = members.find(({ node, online }) => online && node !== target.node)
  const peers = [own, second].flatMap((member) => member?.address ?? [])
  return {
    node: target.node,
    storage,
    isoStorage: target.isoStorage ?? storage,
    bridge: target.bridge ?? 'vmbr0',
    firstVmid: target.firstVmid ?? 9100,
    instance,
    release: { major: release.major, minor: release.minor },
    ...(second && { secondNode: second.node, peers }),
  }
}
