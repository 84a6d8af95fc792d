import type { Route } from './api/route.ts'
import { unknownParameter } from './api/parameter.ts'
import { parameterRefusal } from './api/reply.ts'

/** A release series of Proxmox VE that the embedded hypervisor can be. */
export type Release = '8.4' | '9.1'

export const releases: readonly Release[] = ['8.4', '9.1']

/** What each says of itself. */
export const versions: Readonly<Record<Release, { version: string; kernel: string }>> = {
  '8.4': { version: '8.4.14', kernel: '6.8.12' },
  '9.1': { version: '9.1.9', kernel: '6.17.0' },
}

/** Lock, rollback and dry run of SDN, and their parameters, came with 9.0. */
const sdnSince9 = /^\/cluster\/sdn\/(lock|rollback|dry-run)$/
const parametersSince9 = ['lock-token', 'release-lock', 'allow-pending']

/** Before 9.0 there was one privilege for all that the guest agent does. */
export function privilegeIn(release: Release, privilege: string): string {
  return release === '8.4' && privilege.startsWith('VM.GuestAgent.') ? 'VM.Monitor' : privilege
}

/** The endpoints of a release, from those of the newest. */
export function routesIn(release: Release, routes: readonly Route[]): readonly Route[] {
  if (release === '9.1') return routes
  return routes.filter(({ path }) => !sdnSince9.test(path)).map((route) => before9(route))
}

function before9(route: Route): Route {
  const { check, path } = route
  const older = typeof check === 'string' ? check : { ...check, privileges: check.privileges.map(monitor) }
  if (!path.startsWith('/cluster/sdn')) return { ...route, check: older }
  return {
    ...route,
    check: older,
    parameterNames: route.parameterNames.filter((name) => !parametersSince9.includes(name)),
    answer: (cluster, caller, raw, file) => {
      const unknown = Object.keys(raw).filter((name) => parametersSince9.includes(name))
      if (unknown.length > 0)
        throw parameterRefusal(Object.fromEntries(unknown.map((name) => [name, unknownParameter])))
      return route.answer(cluster, caller, raw, file)
    },
  }
}

const monitor = (privilege: string): string => privilegeIn('8.4', privilege)
