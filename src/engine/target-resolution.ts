import { HarnessError, exitCodes } from '../model/failure.ts'
import type { Role } from '../model/name.ts'
import { roles } from '../model/name.ts'
import type { Drill } from './drill.ts'
import { firewallsOf } from './drill.ts'
import { latestRoles, mastersOf } from './settled.ts'

const freshMs = 1000

/** The machines that references mean at this moment. A role that nobody, or more than one node, holds is an error: nothing is broken by guess. */
export function resolveTargets(drill: Drill, refs: readonly string[]): string[] {
  const machines = refs.map((ref) => (isRole(ref) ? resolveRole(drill, ref) : ref))
  return [...new Set(machines)]
}

function resolveRole(drill: Drill, role: Role): string {
  const { primary, secondary } = drill.plan.lab.pair
  if (role === '$primary') return primary
  if (role === '$secondary') return secondary
  const nodes = firewallsOf(drill)
  const told = latestRoles(drill.recorder.events, nodes, drill.clock.nowMs() - freshMs)
  const masters = mastersOf(drill.plan.lab, told)
  const [master] = masters
  if (master === undefined || masters.length !== 1) throw unresolved(role, masters)
  return role === '$master' ? master : (nodes.find((node) => node !== master) ?? master)
}

function isRole(ref: string): ref is Role {
  return roles.some((role) => role === ref)
}

function unresolved(role: Role, masters: string[]): HarnessError {
  return new HarnessError(`expected exactly one master to resolve ${role}, got ${masters.join(' and ') || 'none'}`, {
    exitCode: exitCodes.unknown,
    hint: 'the pair changed between the gate and the fault; run the drill again',
  })
}
