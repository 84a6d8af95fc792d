import type { Cluster } from './cluster.ts'
import { createFaultBoard } from './faults/fault-board.ts'
import type { Release } from './release.ts'
import { createSdn } from './sdn/sdn.ts'
import { createSshKey } from './ssh-key.ts'
import { createTasks } from './tasks.ts'

/** A cluster of these nodes without a VM; its API answers by the first of them. */
export function createCluster(nodes: Cluster['nodes'], access: Cluster['access'], release: Release): Cluster {
  const faults = createFaultBoard()
  return {
    release,
    nodes,
    localNode: 'pve1',
    vms: new Map(),
    pools: new Map(),
    ha: new Map(),
    sdn: createSdn(),
    access,
    tasks: createTasks(faults),
    faults,
    startedAtMs: Date.now(),
    hostKeyOf: () => createSshKey(),
    defectsOf: () => [],
  }
}
