import type { Lab } from './lab.ts'

type Machines = Pick<Lab, 'machines'>

/** The networks on the shortest ways from one machine to another, all of them; none where there is no way. */
export function networksBetween(lab: Machines, from: string, to: string): string[] {
  const [there, back] = [distancesFrom(lab, from), distancesFrom(lab, to)]
  const length = there.get(to)
  if (length === undefined) return []
  const networks = new Set(Object.values(lab.machines).flatMap(({ nics }) => Object.keys(nics)))
  return [...networks].filter(
    (network) => (there.get(network) ?? Infinity) + (back.get(network) ?? Infinity) === length,
  )
}

/** How far machines and networks are away from a machine: each step leads from a machine to a network of its, or back. */
export function distancesFrom({ machines }: Machines, from: string): Map<string, number> {
  const distances = new Map([[from, 0]])
  const nics = Object.entries(machines).map(([machine, one]) => ({ machine, networks: Object.keys(one.nics) }))
  let edge = [from]
  for (let distance = 1; edge.length > 0; distance += 1) {
    const next = edge.flatMap((place) =>
      nics.flatMap(({ machine, networks }) =>
        machine === place ? networks : networks.includes(place) ? [machine] : [],
      ),
    )
    edge = [...new Set(next)].filter((place) => !distances.has(place))
    for (const place of edge) distances.set(place, distance)
  }
  return distances
}
