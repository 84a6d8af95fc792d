import type { Route } from '../route.ts'
import { clusterRoutes } from './cluster.ts'
import { qemuRoutes } from './qemu.ts'
import { sdnRoutes } from './sdn.ts'
import { taskRoutes } from './tasks.ts'

/** Every endpoint that the embedded hypervisor answers. */
export const routes: readonly Route[] = [...clusterRoutes, ...qemuRoutes, ...taskRoutes, ...sdnRoutes]
