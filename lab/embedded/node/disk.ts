import { execFile } from 'node:child_process'
import { chmod, cp, lstat, mkdir, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { ImageFile } from '../../images/image.ts'
import { cdromMount, diskFolders, machineMounts, mediaFolders, type Bind } from './mounts.ts'

const execute = promisify(execFile)

/** Files by absolute path in the machine. */
export type DiskFiles = Readonly<Record<string, ImageFile>>

/** Makes a machine's disk in the folder `disks` of a node: an empty root, the few host files that programs need, and the given files. */
export async function createDisk(disks: string, vmid: number, files: DiskFiles, binds: readonly Bind[]): Promise<void> {
  const disk = join(disks, String(vmid))
  for (const folder of [...diskFolders, ...mediaFolders]) await mkdir(join(disk, folder), { recursive: true })
  for (const folder of rootFolders) await mkdir(join(disk, 'root', folder), { recursive: true })
  for (const folder of localFolders) await mkdir(join(disk, 'local', folder), { recursive: true })
  await mkdir(join(disk, 'root', cdromMount), { recursive: true })
  await Promise.all([
    ...mergedFolders.map((name) => linkLikeHost(disk, name)),
    ...hostFiles.map((path) => copyHostFile(disk, path)),
  ])
  await symlink('/run', join(disk, 'root/var/run'))
  await symlink('/run/lock', join(disk, 'root/var/lock'))
  for (const { target } of binds) await mountPoint(join(disk, 'root', target), target.endsWith('/node'))
  await writeDiskFiles(disks, vmid, files)
  await writeMountTable(disks, vmid, binds)
}

/** Copies a disk with its content, within a node or between two. What the new one had is gone. */
export async function copyDisk(
  from: { disks: string; vmid: number | string },
  to: { disks: string; vmid: number | string },
): Promise<void> {
  const [source, target] = [join(from.disks, String(from.vmid)), join(to.disks, String(to.vmid))]
  await rm(target, { recursive: true, force: true })
  await mkdir(target, { recursive: true })
  await execute('cp', ['-a', '--', ...diskFolders.map((folder) => join(source, folder)), target])
  for (const folder of mediaFolders) await mkdir(join(target, folder))
}

/** Writes which mounts the machine's root is made of. */
export async function writeMountTable(disks: string, vmid: number, binds: readonly Bind[]): Promise<void> {
  await writeFile(join(disks, String(vmid), 'fstab'), machineMounts(vmid, binds, existsSync))
}

/** Writes files to a disk; paths are those of the machine. */
export async function writeDiskFiles(disks: string, vmid: number, files: DiskFiles): Promise<void> {
  const disk = join(disks, String(vmid))
  for (const [path, file] of Object.entries(files)) await writeDiskFile(disk, path, file)
}

/** Replaces what the machine will find on its CD, or in /run, at its next start. */
export async function writeMedia(
  disks: string,
  vmid: number,
  folder: (typeof mediaFolders)[number],
  files: ReadonlyMap<string, Uint8Array | string>,
): Promise<void> {
  const root = join(disks, String(vmid), folder)
  await rm(root, { recursive: true, force: true })
  await mkdir(root)
  for (const [name, content] of files) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), content)
  }
}

const rootFolders = `
  usr etc/alternatives run tmp root home dev proc sys mnt srv media opt
  var/lib/misc var/lib/dhcp var/log var/cache var/spool var/tmp var/db
`
  .trim()
  .split(/\s+/)
const localFolders = ['bin', 'sbin', 'etc', 'lib', 'share']
const mergedFolders = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32']
const hostFiles = `
  ld.so.cache services protocols ethertypes rpc iproute2 login.defs host.conf ssh/moduli ssl/openssl.cnf
`
  .trim()
  .split(/\s+/)
  .map((name) => `/etc/${name}`)

// /bin and its like are links into /usr on every Debian and Ubuntu of today.
async function linkLikeHost(disk: string, name: string): Promise<void> {
  const status = await lstat(`/${name}`).catch(() => undefined)
  if (status?.isSymbolicLink()) await symlink(await readlink(`/${name}`), join(disk, 'root', name))
}

async function copyHostFile(disk: string, path: string): Promise<void> {
  const target = join(disk, 'root', path)
  const found = await lstat(path).catch(() => undefined)
  if (!found) return
  await mkdir(dirname(target), { recursive: true })
  await cp(path, target, { recursive: true, dereference: true })
}

async function mountPoint(path: string, isFile: boolean): Promise<void> {
  await mkdir(isFile ? dirname(path) : path, { recursive: true })
  if (isFile) await writeFile(path, '')
}

async function writeDiskFile(disk: string, path: string, { content, mode = 0o644 }: ImageFile): Promise<void> {
  const target = join(disk, diskPath(path))
  await mkdir(dirname(target), { recursive: true })
  await writeFile(target, content)
  await chmod(target, mode)
}

/** Where a path of the machine lies on its disk, relative to the disk's folder. */
export function diskPath(path: string): string {
  if (path.startsWith('/usr/local/')) return `local${path.slice('/usr/local'.length)}`
  return path.startsWith('/usr/') ? path.slice(1) : `root${path}`
}
