import { disksInside } from './node.ts'

/** A host file or folder that appears read-only inside every machine. */
export type Bind = { source: string; target: string }

/** Folders of a machine's disk below the node's disk folder: its own root, what it changed in /usr, and /usr/local. */
export const diskFolders = ['root', 'usr', 'usr-work', 'local'] as const

/** Beside them, filled at each start: what the machine finds on its CD, and what it finds in /run. */
export const mediaFolders = ['cdrom', 'run'] as const

/**
 * The mounts of one machine in `fstab` form, made by a single `mount --all`. Of the host a machine sees /usr (changes go
 * to its disk), /etc/alternatives and the binds; everything else is its own disk or empty. `exists` tells which of the
 * kernel's dangerous files this host has.
 */
export function machineMounts(vmid: number, binds: readonly Bind[], exists: (path: string) => boolean): string {
  const disk = `${disksInside}/${vmid}`
  const root = `${disk}/root`
  const lines = [
    `${root} ${root} none bind`,
    `overlay ${root}/usr overlay nosuid,lowerdir=/usr,upperdir=${disk}/usr,workdir=${disk}/usr-work`,
    `${disk}/local ${root}/usr/local none bind`,
    ...lent.filter(exists).map((path) => `${path} ${root}${path} none bind,ro`),
    ...freshFolders.map(([path, mode]) => `tmpfs ${root}${path} tmpfs nosuid,nodev,mode=${mode}`),
    `${disksInside}/dev ${root}/dev none bind,ro`,
    `devpts ${root}/dev/pts devpts newinstance,ptmxmode=0666,mode=620`,
    `tmpfs ${root}/dev/shm tmpfs nosuid,nodev,mode=1777`,
    `proc ${root}/proc proc nosuid,nodev,noexec`,
    `${root}/proc/sys/net ${root}/proc/sys/net none bind`,
    `${root}/proc/sys ${root}/proc/sys none rbind,ro`,
    ...readOnly.filter(exists).map((path) => `${root}${path} ${root}${path} none bind,ro`),
    `sysfs ${root}/sys sysfs ro,nosuid,nodev,noexec`,
    ...hiddenFiles.filter(exists).map((path) => `${disksInside}/empty-file ${root}${path} none bind,ro`),
    ...hiddenFolders.filter(exists).map((path) => `${disksInside}/empty ${root}${path} none bind,ro`),
    `${disk}/cdrom ${root}${cdromMount} none bind,ro`,
    ...binds.map(({ source, target }) => `${escape(source)} ${root}${target} none bind,ro`),
  ]
  return `${lines.join('\n')}\n`
}

/** Where a machine finds the files of its CD. */
export const cdromMount = '/media/firedrill'

// The host's choices of which program answers to a name (awk, nc).
const lent = ['/etc/alternatives']

const freshFolders = [
  ['/run', '755'],
  ['/tmp', '1777'],
  ['/root', '700'],
  ['/home', '755'],
] as const

// What a container runtime protects too: these files act on the whole host, whatever namespace they are opened in.
const readOnly = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sysrq-trigger']
const hiddenFiles = ['/proc/kcore', '/proc/keys', '/proc/kmsg', '/proc/timer_list', '/proc/interrupts']
const hiddenFolders = ['/sys/firmware', '/sys/kernel', '/sys/module', '/sys/fs']

// fstab separates its fields by blanks.
function escape(path: string): string {
  return path.replaceAll('\\', '\\134').replaceAll(' ', '\\040').replaceAll('\t', '\\011')
}
