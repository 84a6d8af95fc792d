import type { Route } from '../route.ts'
import { accessRoutes } from './access.ts'
import { agentRoutes } from './agent.ts'
import { clusterRoutes } from './cluster.ts'
import { configRoutes } from './config.ts'
import { featureRoutes } from './features.ts'
import { faultRoutes } from './faults.ts'
import { haRoutes } from './ha.ts'
import { networkRoutes } from './networks.ts'
import { poolRoutes } from './pools.ts'
import { qemuRoutes } from './qemu.ts'
import { changeRoutes } from './qemu-change.ts'
import { sdnRoutes } from './sdn.ts'
import { vnetRoutes } from './sdn-vnets.ts'
import { zoneRoutes } from './sdn-zones.ts'
import { snapshotRoutes } from './snapshots.ts'
import { statusRoutes } from './status.ts'
import { storageRoutes } from './storage.ts'
import { taskRoutes } from './tasks.ts'
import { tokenRoutes } from './tokens.ts'

/** Every endpoint of Proxmox VE that the embedded hypervisor answers. */
export const proxmoxRoutes: readonly Route[] = [
  ...accessRoutes,
  ...tokenRoutes,
  ...clusterRoutes,
  ...networkRoutes,
  ...poolRoutes,
  ...storageRoutes,
  ...sdnRoutes,
  ...zoneRoutes,
  ...vnetRoutes,
  ...haRoutes,
  ...qemuRoutes,
  ...changeRoutes,
  ...configRoutes,
  ...statusRoutes,
  ...snapshotRoutes,
  ...featureRoutes,
  ...agentRoutes,
  ...taskRoutes,
]

/** Those, and the fault board. */
export const routes: readonly Route[] = [...proxmoxRoutes, ...faultRoutes]
