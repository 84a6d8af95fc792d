import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { copyDisk, createDisk, writeDiskFiles, writeMedia, writeMountTable, type DiskFiles } from './disk.ts'
import { agentPort } from './guest-agent.ts'
import type { Freezer } from './freezer.ts'
import { startMachine, type MachineSpec, type RunningMachine } from './machine.ts'
import type { Bind } from './mounts.ts'
import type { Node } from './node.ts'

/** What a machine is given at each start: the files on its CD, its cloud-init data by file name, and whether it has the agent's port. */
export type Media = {
  cdrom: ReadonlyMap<string, Uint8Array>
  cloudInit: ReadonlyMap<string, string>
  agent: boolean
}

/** The iron under a node's VMs: disks, machines, bridges. */
export type Hardware = {
  /** The node's disk folder as this program reaches it. */
  disks: string
  createDisk: (vmid: number, files: DiskFiles) => Promise<void>
  writeFiles: (vmid: number, files: DiskFiles) => Promise<void>
  /** Makes the disk of `vmid` a copy of another, possibly on another node. */
  copyDisk: (from: { disks: string; vmid: number }, vmid: number) => Promise<void>
  removeDisk: (vmid: number) => Promise<void>
  /** Keeps the disk's content under a name, brings it back, forgets it. */
  takeSnapshot: (vmid: number, name: string) => Promise<void>
  restoreSnapshot: (vmid: number, name: string) => Promise<void>
  removeSnapshot: (vmid: number, name: string) => Promise<void>
  boot: (spec: MachineSpec, media: Media) => Promise<RunningMachine>
  hasBridge: (name: string) => Promise<boolean>
  /** Runs a line of shell among the node's bridges. */
  run: (line: string) => Promise<string>
}

/** The hardware of a real node. */
export function createHardware(node: Node, freezer: Freezer, binds: readonly Bind[]): Hardware {
  const { disks } = node
  const snapshotOf = (vmid: number, name: string): string => `snapshots/${vmid}/${name}`
  return {
    disks,
    createDisk: (vmid, files) => createDisk(disks, vmid, files, binds),
    writeFiles: (vmid, files) => writeDiskFiles(disks, vmid, files),
    copyDisk: async (from, vmid) => {
      await copyDisk(from, { disks, vmid })
      await writeMountTable(disks, vmid, binds)
    },
    removeDisk: async (vmid) => {
      for (const folder of [String(vmid), `snapshots/${vmid}`]) {
        await rm(join(disks, folder), { recursive: true, force: true })
      }
    },
    takeSnapshot: (vmid, name) => copyDisk({ disks, vmid }, { disks, vmid: snapshotOf(vmid, name) }),
    restoreSnapshot: async (vmid, name) => {
      await copyDisk({ disks, vmid: snapshotOf(vmid, name) }, { disks, vmid })
      await writeMountTable(disks, vmid, binds)
    },
    removeSnapshot: (vmid, name) => rm(join(disks, snapshotOf(vmid, name)), { recursive: true, force: true }),
    boot: async (spec, media) => {
      const named = [...media.cloudInit].map(([name, text]): [string, string] => [`cloud-init/${name}`, text])
      await writeMedia(disks, spec.vmid, 'run', new Map([...named, ...(media.agent ? [[agentPort, ''] as const] : [])]))
      await writeMedia(disks, spec.vmid, 'cdrom', media.cdrom)
      return startMachine(node, freezer, spec)
    },
    hasBridge: async (name) => (await node.run(`ip -o link show type bridge dev '${name}' 2>/dev/null || :`)) !== '',
    run: node.run,
  }
}
