import { z } from 'zod'
import { reasonOf } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'
import { machineRefSchema } from '../model/name.ts'
import type { RequestInterval } from '../ports/hypervisor.ts'
import { forEach, together } from './each-machine.ts'
import type { Effect, Fault, FaultTools } from './fault.ts'

/** A power cut: the hypervisor ends the machine as `qm stop` does, and starts it again to heal. */
export const vmStop: Fault = {
  kind: 'vm-stop',
  needs: ['power'],
  params: z.strictObject({ on: z.union([machineRefSchema, z.array(machineRefSchema).min(1)]) }),
  howTo: 'cuts the power of a virtual machine (qm stop); healed by starting it (qm start)',

  calls: ({ machines }, lab) => ({
    begin: machines.map((machine) => ({ ask: 'stop', machine })),
    verifyBegun: machines.flatMap((machine) => [
      { ask: 'state' as const, machine },
      ...(canBeFirewall(machine, lab) ? [{ ask: 'ha-state' as const, machine }] : []),
    ]),
    heal: machines.flatMap((machine) => [
      { ask: 'state' as const, machine },
      { ask: 'start' as const, machine },
    ]),
    verifyHealed: machines.map((machine) => ({ ask: 'state', machine })),
  }),

  begin: ({ machines }, tools) => together(machines, (machine) => tools.hypervisor.stop(machine, tools.signal)),

  heal: ({ machines }, tools) => together(machines, (machine) => startUnlessRunning(machine, tools)),

  verifyBegun: ({ machines }, tools) => forEach(machines, (machine) => verifyStopped(machine, tools)),

  verifyHealed: ({ machines }, tools) => forEach(machines, (machine) => verifyRunning(machine, tools)),

  undoOnNode: ({ machines }, vmids) =>
    machines.map((machine) => ({
      machine,
      command: `qm status ${vmids[machine]} | grep -q running || qm start ${vmids[machine]}`,
    })),
}

/** Every role is one of the pair. */
const canBeFirewall = (machine: string, { pair }: Lab): boolean =>
  machine.startsWith('$') || machine === pair.primary || machine === pair.secondary

async function startUnlessRunning(
  machine: string,
  { hypervisor, clock, signal }: FaultTools,
): Promise<RequestInterval> {
  const askedMs = clock.nowMs()
  if ((await hypervisor.powerState(machine, signal)) === 'running') return { sentMs: askedMs, ackedMs: clock.nowMs() }
  return hypervisor.start(machine, signal)
}

async function verifyStopped(machine: string, tools: FaultTools): Promise<Effect> {
  const state = await tools.hypervisor.powerState(machine, tools.signal)
  if (state !== 'stopped') return { proven: false, evidence: `the hypervisor says that ${machine} is ${state}` }
  if (!tools.firewalls.includes(machine))
    return { proven: true, evidence: `the hypervisor says that ${machine} is stopped` }
  return tools.haReader.read(machine, tools.signal).then(
    () => ({ proven: false, evidence: `${machine} still answers although the hypervisor says that it is stopped` }),
    (error: unknown) => ({
      proven: true,
      evidence: `the hypervisor says that ${machine} is stopped, and it answers no more (${reasonOf(error)})`,
    }),
  )
}

async function verifyRunning(machine: string, { hypervisor, signal }: FaultTools): Promise<Effect> {
  const state = await hypervisor.powerState(machine, signal)
  return { proven: state === 'running', evidence: `the hypervisor says that ${machine} is ${state}` }
}
