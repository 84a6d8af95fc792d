import { join } from 'node:path'
import { routes } from '../api/routes/all.ts'
import { startTrustedApi } from '../api/server.ts'
import { baseFiles } from '../base-files.ts'
import type { Cluster } from '../cluster.ts'
import { createDisk } from '../node/disk.ts'
import { createFreezer } from '../node/freezer.ts'
import { startMachine } from '../node/machine.ts'
import type { Node } from '../node/node.ts'
import { openRelay } from '../relay.ts'
import { createSshKey, type SshKey } from '../ssh-key.ts'
import { systemctl, systemdRun } from './timers.ts'

/** A root shell on a node: SSH among its bridges and taps, with `qm`, `pvesh` and timers. */
export type NodeShell = { host: string; port: number; hostKey: string; close: () => Promise<void> }

// No VM can have this number; the shell's disk lies beside theirs.
const shellId = 1

/** Opens a node's shell on a loopback port, for whoever has the key. It ends with the node. */
export async function openNodeShell(cluster: Cluster, node: Node, accessKey: SshKey): Promise<NodeShell> {
  const hostKey = createSshKey()
  const program = (name: string): string =>
    `#!/bin/sh\nFIREDRILL_NODE=${node.name} exec /opt/firedrill/bin/node /opt/firedrill/node-shell/main.*s ${name} "$@"\n`
  const files = {
    ...baseFiles(node.name, hostKey, [accessKey.publicKey]),
    '/etc/firedrill/boot': { content: 'mkdir -p /run/sshd /run/units\nsh /etc/firedrill/console &\nwait\n' },
    '/usr/local/sbin/qm': { content: program('qm'), mode: 0o755 },
    '/usr/local/sbin/pvesh': { content: program('pvesh'), mode: 0o755 },
    '/usr/local/sbin/systemd-run': { content: systemdRun, mode: 0o755 },
    '/usr/local/sbin/systemctl': { content: systemctl, mode: 0o755 },
  }
  const binds = [
    { source: process.execPath, target: '/opt/firedrill/bin/node' },
    { source: join(import.meta.dirname), target: '/opt/firedrill/node-shell' },
  ]
  await createDisk(node.disks, shellId, files, binds)
  const spec = { vmid: shellId, hostName: node.name, nics: [], sharesNetwork: true }
  const machine = await startMachine(node, createFreezer(), spec)
  const root = `/proc/${machine.pid}/root/run`
  const caller = { id: 'root@pam', isTicket: true }
  const api = await startTrustedApi(cluster, routes, { socketPath: `${root}/pvedaemon.sock`, caller })
  const relay = await openRelay(() => ({ state: 'on', path: `${root}/serial.sock` }))
  const close = async (): Promise<void> => {
    await relay.close()
    await api.close()
  }
  return { host: '127.0.0.1', port: relay.port, hostKey: hostKey.publicKey, close }
}
