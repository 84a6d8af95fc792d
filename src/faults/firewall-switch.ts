import { z } from 'zod'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { FirewallRoles } from '../ports/firewall.ts'
import type { RequestInterval } from '../ports/hypervisor.ts'
import { onSchema } from './aimed.ts'
import { forEach, together } from './each-machine.ts'
import type { Effect, Fault, FaultTools } from './fault.ts'

/** A role of a firewall, by the best way in that has it. Throws where none has. */
export function firewallRole<Name extends keyof FirewallRoles>(
  name: Name,
  { firewall }: FaultTools,
): NonNullable<FirewallRoles[Name]> {
  for (const way of [undefined, 'ssh'] as const) {
    const role: FirewallRoles[Name] = firewall(way)[name]
    if (role !== undefined) return role
  }
  throw new HarnessError(`expected a way in to the firewalls with ${name}, came none`, {
    exitCode: exitCodes.unavailable,
    kind: 'no-such-role',
  })
}

/** What is special about one switch of a firewall. `see`: whether it is off (`true`) or on, as the firewall tells it. */
interface Switch {
  kind: string
  howTo: string
  byHand: string
  off(machine: string, tools: FaultTools): Promise<RequestInterval>
  on(machine: string, tools: FaultTools): Promise<RequestInterval>
  see(machine: string, isOff: boolean, tools: FaultTools): Promise<Effect>
}

/** Something of a firewall that is switched off, and on again. Refused where it is off already: that is nobody's to heal. */
export function firewallSwitch({ kind, howTo, byHand, off, on, see }: Switch): Fault {
  return {
    kind,
    needs: ['firewall'],
    params: z.strictObject({ on: onSchema }),
    howTo,
    async prepare(aim, _lab, tools) {
      for (const machine of aim.machines) {
        const { proven, evidence } = await see(machine, false, tools)
        if (!proven) throw already(kind, machine, evidence)
      }
      return aim
    },
    begin: ({ machines }, tools) => together(machines, (machine) => off(machine, tools)),
    heal: ({ machines }, tools) => together(machines, (machine) => on(machine, tools)),
    verifyBegun: ({ machines }, tools) => forEach(machines, (machine) => see(machine, true, tools)),
    verifyHealed: ({ machines }, tools) => forEach(machines, (machine) => see(machine, false, tools)),
    undoByHand: ({ machines }) => `on ${machines.join(' and ')}: ${byHand}`,
  }
}

const already = (kind: string, machine: string, evidence: string) =>
  new HarnessError(`expected ${machine} as it should be before ${kind}, came: ${evidence}`, {
    exitCode: exitCodes.unavailable,
    hint: 'was an earlier fault not undone? firedrill recover',
  })
