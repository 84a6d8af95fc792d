import { chmod, cp, lstat, mkdir, readlink, symlink, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ImageFile } from '../../images/image.ts'
import { diskFolders, machineMounts, type Bind } from './mounts.ts'
import type { Node } from './node.ts'

/** Makes a machine's disk on the node: an empty root, the few host files that programs need, and the image's files. */
export async function createDisk(
  node: Node,
  vmid: number,
  files: Readonly<Record<string, ImageFile>>,
  binds: readonly Bind[],
): Promise<void> {
  const disk = join(node.disks, String(vmid))
  for (const folder of diskFolders) await mkdir(join(disk, folder), { recursive: true })
  for (const folder of rootFolders) await mkdir(join(disk, 'root', folder), { recursive: true })
  for (const folder of localFolders) await mkdir(join(disk, 'local', folder), { recursive: true })
  await Promise.all([
    ...mergedFolders.map((name) => linkLikeHost(disk, name)),
    ...hostFiles.map((path) => copyHostFile(disk, path)),
  ])
  await symlink('/run', join(disk, 'root/var/run'))
  await symlink('/run/lock', join(disk, 'root/var/lock'))
  for (const { target } of binds) await mountPoint(join(disk, 'root', target), target.endsWith('/node'))
  for (const [path, file] of Object.entries(files)) await writeDiskFile(disk, path, file)
  await writeFile(join(disk, 'fstab'), machineMounts(vmid, binds, existsSync))
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
