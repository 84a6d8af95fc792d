import type { Lab, Vip } from '../model/lab.ts'

/**
 * The VIPs that IPv4 traffic between two ends cannot do without: those on their networks, where no network joins them without the pair.
 * `to` may be something else than a machine.
 */
export function vipsBetween(lab: Lab, from: string, to: string): Vip[] {
  const [near, far] = [networksOf(lab, from), networksOf(lab, to)]
  if (near.some((network) => far.includes(network))) return []
  return lab.pair.vips.filter(
    ({ network, address }) => !address.includes(':') && (near.includes(network) || far.includes(network)),
  )
}

const networksOf = ({ machines }: Lab, machine: string): string[] => Object.keys(machines[machine]?.nics ?? {})
