import { carpRoutes } from './carp.ts'
import type { Routes } from './endpoint.ts'
import { firewallRoutes } from './firewall.ts'
import { firmwareRoutes } from './firmware.ts'
import { hasyncStatusRoutes } from './hasync-status.ts'
import { hasyncRoutes } from './hasync.ts'
import { leaseRoutes } from './leases.ts'
import { logRoutes } from './log.ts'
import { overviewRoutes } from './overview.ts'
import { statisticsRoutes } from './statistics.ts'
import { systemRoutes } from './system.ts'

/** Every action of the API that is served here. */
export function opnsenseRoutes(): Routes {
  return {
    ...carpRoutes,
    ...statisticsRoutes,
    ...firewallRoutes,
    ...overviewRoutes,
    ...hasyncRoutes,
    ...hasyncStatusRoutes,
    ...firmwareRoutes(),
    ...systemRoutes,
    ...leaseRoutes,
    ...logRoutes,
  }
}
