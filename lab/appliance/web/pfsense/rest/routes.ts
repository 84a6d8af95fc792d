import type { JsonObject } from '../../exchange.ts'
import type { RestAuthentication } from './authentication.ts'
import { carpRoutes } from './carp.ts'
import type { RestRoutes } from './endpoint.ts'
import { leaseJson } from './leases.ts'
import { stateRoutes } from './states.ts'
import { systemRoutes } from './system.ts'

/** Every endpoint of the REST package that is served here. */
export function restRoutes({ issueToken }: Pick<RestAuthentication, 'issueToken'>): RestRoutes {
  return {
    '/auth/jwt': { POST: ({ account }): JsonObject => ({ token: issueToken(account) }) },
    ...carpRoutes,
    ...stateRoutes,
    ...systemRoutes,
    '/status/dhcp_server/leases': { GET: ({ firewall }) => firewall.leases().map(leaseJson) },
  }
}
