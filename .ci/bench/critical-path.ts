import { setUpNeeds } from '../../src/plan/provisioning/role-set-up.ts'
import type { Lab } from '../../src/model/lab.ts'
import type { Times } from './stopwatch.ts'

/** The longest chain of steps that cannot overlap, in ms: what a lab would take if nothing ever waited for a turn. */
export function criticalPathMs({ claim, networks, machines }: Times, lab: Lab): number {
  const readyMs = (machine: string): number => {
    const { disc = 0, clone = 0, configure = 0, start = 0, ready = 0 } = machines.get(machine) ?? {}
    return claim + Math.max(networks, disc + clone) + configure + start + ready
  }
  const ends = [...machines].map(([machine, { setUp }]) => {
    return Math.max(...[machine, ...setUpNeeds(lab, machine)].map(readyMs)) + setUp
  })
  return Math.max(...ends)
}
