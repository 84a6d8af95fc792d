import type { ImageFile } from '../image.ts'

/** One NIC as the hypervisor's cloud-init drive describes it. `mac` finds the NIC whatever its name; null trusts the name. */
export type NicConfig = {
  name: string
  mac: string | null
  /** Address with prefix length. */
  address: string | null
  dhcp: boolean
  gateway?: string
  /** IPv6 address with prefix length, where there is one beside the IPv4 one. */
  address6?: string
  gateway6?: string
}

/** What a Linux template does not know of itself and is told at each start. A part that is absent stays as the disk has it. */
export type Particulars = {
  network?: { nics: readonly NicConfig[]; nameservers: readonly string[] }
  meta?: { hostname: string; instanceId: string }
  user?: { user: string; sshKeys: readonly string[] }
}

/** Where the hypervisor puts the particulars at each start, and where else the boot looks for them: on the disk. */
export const particularsFolders = ['/run/cloud-init', '/etc/firedrill/cloud-init'] as const

/** The files of a folder that carry each part. */
export const particularsFiles = {
  network: 'network-config.json',
  meta: 'meta-data.json',
  user: 'user-data.json',
} as const

/** The particulars as files of the disk, for a machine whose hypervisor tells it nothing at start. */
export function particularsOnDisk(particulars: Particulars): Record<string, ImageFile> {
  const [, folder] = particularsFolders
  const files: Record<string, ImageFile> = {}
  for (const part of ['network', 'meta', 'user'] as const) {
    if (particulars[part] === undefined) continue
    files[`${folder}/${particularsFiles[part]}`] = { content: `${JSON.stringify(particulars[part], null, 2)}\n` }
  }
  return files
}
