import { z } from 'zod'
import type { Lab } from './lab.ts'

export type Family = 4 | 6

/** Where a probe may go. `port` is given where the way there decides it; `machine` answers, null where the pair itself does. */
export interface Destination {
  address: string
  port: number | null
  machine: string | null
}

/** What `to` of a probe may look like; `destinationsOf` says what there is. */
export const destinationSchema = z
  .string()
  .regex(/^(?:[a-zA-Z][a-zA-Z0-9-]*|vip:[a-zA-Z0-9-]+|forward:\d{1,5}|tunnel:[a-zA-Z][a-zA-Z0-9-]*)$/, {
    error: 'expected a machine, vip:<network or VHID>, forward:<port> or tunnel:<machine>',
  })

/**
 * Every destination of a lab by its word: machines with a fixed address; `vip:lan` and `vip:1`, a shared address; `forward:2222`, a port of the
 * shared address outside that leads to a machine inside; `tunnel:vpn`, the far end of the firewalls' tunnel.
 */
export function destinationsOf(lab: Lab, family: Family): Record<string, Destination> {
  const isOf = (address: string) => address.includes(':') === (family === 6)
  return Object.fromEntries([
    ...machinesOf(lab, isOf),
    ...tunnelsOf(lab, isOf),
    ...vipsOf(lab, isOf),
    ...forwardsOf(lab, isOf),
  ])
}

type Entry = [word: string, Destination]
type IsOf = (address: string) => boolean

function machinesOf({ machines }: Lab, isOf: IsOf): Entry[] {
  return Object.entries(machines).flatMap(([machine, { nics }]) => {
    const fixed = Object.values(nics).flatMap((nic) => (typeof nic === 'string' || Array.isArray(nic) ? nic : []))
    const address = fixed.find(isOf)
    return address === undefined ? [] : [[machine, { address: bare(address), port: null, machine }] satisfies Entry]
  })
}

function tunnelsOf({ machines }: Lab, isOf: IsOf): Entry[] {
  return Object.entries(machines).flatMap(([machine, { vpn }]) =>
    vpn === undefined || !isOf(vpn.tunnel)
      ? []
      : [[`tunnel:${machine}`, { address: bare(vpn.tunnel), port: null, machine }] satisfies Entry],
  )
}

/** A network with several shared addresses of a family is known by its first. */
function vipsOf({ pair }: Lab, isOf: IsOf): Entry[] {
  const vips = pair.vips.filter(({ address }) => isOf(address)).toReversed()
  return vips.flatMap(({ network, vhid, address }): Entry[] => {
    const shared = { address: bare(address), port: null, machine: null }
    return [
      [`vip:${network}`, shared],
      [`vip:${vhid}`, shared],
    ]
  })
}

function forwardsOf({ pair }: Lab, isOf: IsOf): Entry[] {
  return (pair.forwards ?? []).flatMap(({ network, port, to }): Entry[] => {
    const shared = pair.vips.find((vip) => vip.network === network && isOf(vip.address))
    const [machine = ''] = to.split(':')
    return shared === undefined ? [] : [[`forward:${port}`, { address: bare(shared.address), port, machine }]]
  })
}

const bare = (address: string): string => address.split('/', 1)[0] ?? address
