import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Hardware } from '../node/hardware.ts'
import type { Vm, VmConfig } from '../vm/vm.ts'
import { splitList } from '../vm/config-keys.ts'

/** The one storage of the embedded hypervisor: a directory of each node. */
export const storageId = 'local'

/** What the storage may hold. */
export const storageContent = ['images', 'import', 'iso', 'snippets', 'vztmpl'] as const

/** A file of the storage. `size` in bytes, `ctime` in seconds since 1970. */
export type Volume = { volid: string; content: string; format: string; size: number; ctime: number; vmid?: number }

/** The ISO images and archives of a node, and the disks of its VMs. */
export async function listVolumes({ disks }: Hardware, vms: readonly Vm[]): Promise<Volume[]> {
  const found: Volume[] = []
  for (const kind of ['iso', 'vztmpl', 'import']) {
    for (const name of await readdir(folderOf(disks, kind)).catch(() => [])) {
      const { size, ctimeMs } = await stat(join(folderOf(disks, kind), name))
      const volid = `${storageId}:${kind}/${name}`
      found.push({ volid, content: kind, format: formatOf(name), size, ctime: Math.floor(ctimeMs / 1000) })
    }
  }
  return [...found, ...vms.flatMap(drivesOf)]
}

/** Stores an uploaded file under its name. */
export async function storeFile({ disks }: Hardware, kind: string, name: string, content: Uint8Array): Promise<void> {
  await mkdir(folderOf(disks, kind), { recursive: true })
  await writeFile(join(folderOf(disks, kind), basename(name)), content)
}

/** The content of an ISO image, `local:iso/NAME`; Proxmox VE's words where there is none. */
export async function readVolume({ disks }: Hardware, volid: string): Promise<Uint8Array> {
  const path = pathOf(disks, volid)
  const content = path === undefined ? undefined : await readFile(path).catch(() => undefined)
  if (!content) throw new Error(`volume '${volid}' does not exist`)
  return content
}

/** Deletes a file; it need not exist. */
export async function deleteVolume({ disks }: Hardware, volid: string): Promise<void> {
  const path = pathOf(disks, volid)
  if (path !== undefined) await rm(path, { force: true })
}

/** The checksum of a file in hexadecimal. */
export function checksum(algorithm: string, content: Uint8Array): string {
  return createHash(algorithm).update(content).digest('hex')
}

/** Volumes that the drives of a configuration name: `scsi0` to its volume id. */
export function driveVolumes(config: VmConfig): Map<string, string> {
  const drives = Object.entries(config).filter(([key]) =>
    /^(ide|scsi|sata|virtio|unused)\d+$|^(efidisk0|tpmstate0)$/.test(key),
  )
  return new Map(drives.map(([key, text]) => [key, volumeOf(text)]))
}

/** The volume of a drive string: `local:9101/vm-9101-disk-0.qcow2,size=8G` has it first, or as `file=`. */
export function volumeOf(drive: string): string {
  return (drive.split(',').find((part) => !part.includes('=') || /^(file|volume)=/.test(part)) ?? '').replace(
    /^\w+=/,
    '',
  )
}

function drivesOf({ vmid, config }: Vm): Volume[] {
  const own = [...driveVolumes(config)].filter(([, volid]) => volid.startsWith(`${storageId}:${vmid}/`))
  return own.map(([key, volid]) => {
    const size = sizeInBytes(/\bsize=([^,]+)/.exec(config[key] ?? '')?.[1] ?? '4M')
    return { volid, content: 'images', format: formatOf(volid), size, ctime: 0, vmid }
  })
}

/** `8G` in bytes. */
export function sizeInBytes(text: string): number {
  const [, digits = '0', unit = ''] = /^(\d+(?:\.\d+)?)([KMGT]?)$/.exec(text) ?? []
  return Number(digits) * 1024 ** ['', 'K', 'M', 'G', 'T'].indexOf(unit)
}

function pathOf(disks: string, volid: string): string | undefined {
  const [, kind = '', name = ''] = new RegExp(`^${storageId}:(iso|vztmpl|import)/([^/]+)$`).exec(volid) ?? []
  return name === '' || name.startsWith('.') ? undefined : join(folderOf(disks, kind), name)
}

function folderOf(disks: string, kind: string): string {
  return join(disks, 'storage', kind)
}

function formatOf(name: string): string {
  const ending = splitList(name.replaceAll('.', ' ')).at(-1) ?? 'raw'
  return ending === 'img' ? 'raw' : ending
}
