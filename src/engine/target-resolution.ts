import { HarnessError, exitCodes } from '../model/failure.ts'
import type { Role } from '../model/name.ts'
import { onSameNode, readReference } from '../model/name.ts'
import type { Drill } from './drill.ts'
import { firewallsOf } from './drill.ts'
import { latestRoles, mastersOf } from './settled.ts'

const freshMs = 1000

/** The machines that references mean at this moment. A role that nobody, or more than one node, holds is an error: nothing is broken by guess. */
export function resolveTargets(drill: Drill, refs: readonly string[]): string[] {
  const machines = [...new Set(refs.flatMap((ref) => resolve(drill, ref)))]
  if (machines.length > 0) return machines
  throw new HarnessError(`expected at least one machine, got none for ${refs.join(' and ') || 'no target'}`, {
    exitCode: exitCodes.usage,
  })
}

function resolve(drill: Drill, ref: string): string[] {
  const { of, node } = readReference(ref)
  const ones = of === 'both' ? firewallsOf(drill) : 'role' in of ? [resolveRole(drill, of)] : [of.machine]
  return node ? onSameNode(drill.plan.lab.machines, ones) : ones
}

function resolveRole(drill: Drill, { role, vhid }: { role: Role; vhid: number | null }): string {
  const { primary, secondary } = drill.plan.lab.pair
  if (role === '$primary') return primary
  if (role === '$secondary') return secondary
  const nodes = firewallsOf(drill)
  const told = latestRoles(drill.recorder.events, nodes, drill.clock.nowMs() - freshMs)
  const masters = vhid === null ? mastersOf(drill.plan.lab, told) : mastersOf(onlyVhid(drill, vhid), told)
  const [master] = masters
  const name = vhid === null ? role : `${role}(${vhid})`
  if (master === undefined || masters.length !== 1) throw unresolved(name, masters)
  return role === '$master' ? master : (nodes.find((node) => node !== master) ?? master)
}

/** The lab with one of its VHIDs; without any, everybody would be master of all. */
function onlyVhid({ plan: { lab } }: Drill, vhid: number): Drill['plan']['lab'] {
  const vips = lab.pair.vips.filter((vip) => vip.vhid === vhid)
  if (vips.length > 0) return { ...lab, pair: { ...lab.pair, vips } }
  throw new HarnessError(
    `expected one of the VHIDs ${lab.pair.vips.map((vip) => vip.vhid).join(', ')} of the lab, got ${vhid}`,
    { exitCode: exitCodes.usage },
  )
}

function unresolved(role: string, masters: string[]): HarnessError {
  return new HarnessError(`expected exactly one master to resolve ${role}, got ${masters.join(' and ') || 'none'}`, {
    exitCode: exitCodes.unknown,
    hint: 'the pair changed between the gate and the fault; run the drill again',
  })
}
