import type { Lab } from './lab.ts'

type Machines = Pick<Lab, 'machines'>

/** How far each machine and each network is away; a machine and a network may bear the same name. */
export interface Distances {
  machines: ReadonlyMap<string, number>
  networks: ReadonlyMap<string, number>
}

/** The networks on the shortest ways from one machine to another, all of them; none where there is no way. */
export function networksBetween(lab: Machines, from: string, to: string): string[] {
  const [there, back] = [distancesFrom(lab, from), distancesFrom(lab, to)]
  const length = there.machines.get(to)
  if (length === undefined) return []
  const networks = new Set(Object.values(lab.machines).flatMap(({ nics }) => Object.keys(nics)))
  return [...networks].filter(
    (network) => (there.networks.get(network) ?? Infinity) + (back.networks.get(network) ?? Infinity) === length,
  )
}

/** How far machines and networks are away from a machine: each step leads from a machine to a network of its, or back. */
export function distancesFrom({ machines }: Machines, from: string): Distances {
  const reached = { machines: new Map([[from, 0]]), networks: new Map<string, number>() }
  const nics = Object.entries(machines).map(([machine, one]) => ({ machine, networks: Object.keys(one.nics) }))
  let edge = [from]
  for (let distance = 1; edge.length > 0; distance += 2) {
    const near = nics.filter(({ machine }) => edge.includes(machine)).flatMap((one) => one.networks)
    const networks = [...new Set(near)].filter((network) => !reached.networks.has(network))
    for (const network of networks) reached.networks.set(network, distance)
    const on = nics.filter((one) => one.networks.some((network) => networks.includes(network)))
    edge = on.flatMap(({ machine }) => (reached.machines.has(machine) ? [] : [machine]))
    for (const machine of edge) reached.machines.set(machine, distance + 1)
  }
  return reached
}
