import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ClusterNode } from './cluster.ts'
import { createFreezer } from './node/freezer.ts'
import { agentFolder, writeAgent } from './node/guest-agent.ts'
import { createHardware } from './node/hardware.ts'
import type { Bind } from './node/mounts.ts'
import { disksInside, startNode, type Node } from './node/node.ts'
import { management, managementCommand } from './management.ts'
import { joinCommand, underlay } from './sdn/segment.ts'

const execute = promisify(execFile)

/** The nodes of a cluster with their plain bridge `vmbr0`. `lost` resolves when one ends by itself. */
export type Nodes = {
  byName: ReadonlyMap<string, ClusterNode>
  holders: ReadonlyMap<string, Node>
  lost: Promise<void>
  close: () => Promise<void>
}

/** Starts one or two nodes, the second joined to the first by an underlay. Undoes what it did when it fails. */
export async function createNodes(count: 1 | 2, fingerprint: string): Promise<Nodes> {
  const freezer = createFreezer()
  const holders: Node[] = []
  const close = async (): Promise<void> => {
    const ends = await Promise.allSettled(holders.map((holder) => holder.close()))
    await freezer.close()
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }
  try {
    for (let id = 1; id <= count; id += 1) {
      const holder = await startNode(`pve${id}`)
      holders.push(holder)
      await writeAgent(holder.disks)
      await holder.run(managementCommand(id))
    }
    const [first, second] = holders
    if (first && second) await joinNodes(first, second)
    const named = holders.map((holder, index): [string, ClusterNode] => {
      const hardware = createHardware(holder, freezer, programBinds())
      return [holder.name, { name: holder.name, id: index + 1, hardware, fingerprint }]
    })
    const lost = Promise.race(holders.map(({ ended }) => ended))
    return { byName: new Map(named), holders: new Map(holders.map((each) => [each.name, each])), lost, close }
  } catch (error) {
    await close()
    throw error
  }
}

// The cable is made inside the nodes: the host never sees an end of it.
async function joinNodes(first: Node, second: Node): Promise<void> {
  const { device, mtu, addressOf } = underlay
  const end = (pid: number): string[] => ['name', device, 'mtu', String(mtu), 'netns', String(pid)]
  await execute('ip', ['link', 'add', ...end(first.pid), 'type', 'veth', 'peer', ...end(second.pid)])
  for (const [index, { run }] of [first, second].entries()) {
    await run(`ip address add ${addressOf(index + 1)}/24 dev ${device} && ip link set ${device} up`)
    await run(joinCommand(index + 1, untaggedNumber, management.bridge))
  }
}

// Beyond all VLAN tags: what vmbr0 carries without a tag.
const untaggedNumber = 5000

function programBinds(): Bind[] {
  const folder = (name: string): string => join(import.meta.dirname, '..', name)
  return [
    { source: process.execPath, target: '/opt/firedrill/bin/node' },
    { source: folder('appliance'), target: '/opt/firedrill/appliance' },
    { source: folder('images'), target: '/opt/firedrill/images' },
    { source: `${disksInside}/${agentFolder}`, target: '/opt/firedrill/agent' },
  ]
}
