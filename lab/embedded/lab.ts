import type { Topology } from '../topologies/topology.ts'
import { createAccess } from './access/access.ts'
import { routes } from './api/routes/all.ts'
import { startApi } from './api/server.ts'
import { createCertificate } from './certificate.ts'
import type { Cluster } from './cluster.ts'
import { openConsoles, type Consoles } from './consoles.ts'
import { createCluster } from './empty-cluster.ts'
import { openNodeShell, type NodeShell } from './node-shell/open.ts'
import { createNodes } from './nodes.ts'
import { definePredefined } from './predefined.ts'
import { type Release, routesIn } from './release.ts'
import { createSshKey } from './ssh-key.ts'
import { writeState, type Target } from './state.ts'
import { defineTemplates } from './templates.ts'

/**
 * What a lab is made of. `defects` are names of faults by machine; `state` is the folder for target file, token and key.
 * An empty lab has templates and no VMs; consoles are kept ready for `instances` labs of the topology.
 */
export type LabOptions = {
  topology: Topology
  state: string
  defects: Readonly<Record<string, readonly string[]>>
  isEmpty: boolean
  instances: number
  nodes: 1 | 2
  release: Release
}

/** A running hypervisor, all VMs stopped. `lost` resolves when one of its nodes ends by itself. */
export type Lab = { targetFile: string; lost: Promise<void>; close: () => Promise<void> }

/** Builds the lab; its API answers when this resolves. Undoes what it did when it fails. */
export async function startLab(options: LabOptions): Promise<Lab> {
  const undo: Undo[] = []
  const close = (): Promise<void> => undoAll(undo.splice(0).toReversed())
  try {
    const accessKey = createSshKey()
    const certificate = await createCertificate('pve1')
    const nodes = await createNodes(options.nodes, certificate.fingerprint)
    undo.push(nodes.close)
    const { access, token, password } = createAccess('firedrill', options.release)
    const cluster = createCluster(nodes.byName, access, options.release)
    undo.push(cluster.tasks.close)
    const consoles = await openConsoles(cluster, options)
    undo.push(consoles.close)
    cluster.hostKeyOf = consoles.hostKeyOf
    cluster.defectsOf = (name) => options.defects[consoles.machineOf(name) ?? ''] ?? []
    if (options.isEmpty) await defineTemplates(cluster, accessKey)
    else await definePredefined(cluster, options, { accessKey, consoles })
    const shells = new Map<string, NodeShell>()
    for (const [name, holder] of nodes.holders) {
      const shell = await openNodeShell(cluster, holder, accessKey)
      shells.set(name, shell)
      undo.push(shell.close)
    }
    const api = await startApi(cluster, routesIn(options.release, routes), certificate)
    undo.push(api.close)
    undo.unshift(() => idle(cluster))
    const target = describeTarget(api.url, certificate.fingerprint, consoles, shells)
    const files = await writeState(options.state, { target, token, password, privateKey: accessKey.privateKey })
    undo.push(files.remove)
    return { targetFile: files.targetFile, lost: nodes.lost, close }
  } catch (error) {
    await close()
    throw error
  }
}

type Undo = () => Promise<unknown> | void

// All steps are taken, whatever becomes of one; the first complaint counts.
async function undoAll(steps: readonly Undo[]): Promise<void> {
  const complaints: unknown[] = []
  for (const step of steps) {
    try {
      await step()
    } catch (error) {
      complaints.push(error)
    }
  }
  if (complaints.length > 0) throw complaints[0]
}

// After the nodes are gone every machine has ended; what waits for that has to see it.
async function idle({ vms }: Cluster): Promise<void> {
  await Promise.all([...vms.values()].flatMap(({ running }) => running?.machine.ended ?? []))
}

function describeTarget(
  url: string,
  fingerprint: string,
  consoles: Consoles,
  shells: ReadonlyMap<string, NodeShell>,
): Target {
  const node = 'pve1'
  const ways = [...shells].map(([name, { host, port, hostKey }]) => [name, { ssh: { host, port, hostKey } }] as const)
  const { [node]: first, ...nodes } = Object.fromEntries(ways)
  const further = Object.keys(nodes).length > 0 && { nodes }
  const machines = consoles.addresses
  return {
    url,
    fingerprint,
    node,
    storage: 'local',
    bridge: 'vmbr0',
    ...(first && { nodeSsh: first.ssh }),
    ...further,
    machines,
  }
}
