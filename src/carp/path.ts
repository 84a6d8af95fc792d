import type { Family } from '../model/destination.ts'
import { destinationsOf } from '../model/destination.ts'
import type { Lab, Vip } from '../model/lab.ts'
import { networksBetween } from '../model/network-path.ts'

/**
 * The VIPs that traffic between a machine and a destination cannot do without: the shared address itself where it goes there; else those on the
 * networks of both ends and of the shortest ways between them, where no network joins them without the pair.
 */
export function vipsBetween(lab: Lab, from: string, to: string, family: Family = 4): Vip[] {
  const own = lab.pair.vips.filter(({ address }) => address.includes(':') === (family === 6))
  const destination = destinationsOf(lab, family)[to]
  const shared = own.filter(({ address }) => address.split('/', 1)[0] === destination?.address)
  if (destination?.machine === null) return shared
  const machine = destination?.machine ?? to
  const [near, far] = [networksOf(lab, from), networksOf(lab, machine)]
  if (near.some((network) => far.includes(network))) return []
  const crossed = [...near, ...far, ...networksBetween(lab, from, machine)]
  const needed = own.filter(({ network }) => crossed.includes(network))
  return [...new Set([...needed, ...shared])]
}

const networksOf = ({ machines }: Lab, machine: string): string[] => Object.keys(machines[machine]?.nics ?? {})
