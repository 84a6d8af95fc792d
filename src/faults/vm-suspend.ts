import { z } from 'zod'
import { onSchema, timed } from './aimed.ts'
import { forEach, together } from './each-machine.ts'
import type { Effect, Fault, FaultTools } from './fault.ts'
import { control } from './machine-control.ts'
import { seeSilence } from './machine-sight.ts'

/** A machine whose CPUs stand still while its links stay up; it goes on as if nothing had been. Reference: Proxmox page. */
export const vmSuspend: Fault = {
  kind: 'vm-suspend',
  needs: ['power'],
  params: z.strictObject({ on: onSchema }),
  howTo:
    'freezes the CPUs of a virtual machine, its links stay up (qm suspend); healed by letting them go on (qm resume)',
  calls: ({ machines }) => {
    const states = machines.map((machine) => ({ ask: 'state' as const, machine }))
    const power = (verb: 'suspend' | 'resume') => machines.map((machine) => ({ ask: 'power' as const, machine, verb }))
    return {
      begin: power('suspend'),
      verifyBegun: states,
      heal: machines.flatMap((machine) => [
        { ask: 'state' as const, machine },
        { ask: 'power' as const, machine, verb: 'resume' as const },
      ]),
      verifyHealed: states,
    }
  },
  begin: ({ machines }, tools) => together(machines, (machine) => control(tools, 'suspend')(machine, tools.signal)),
  heal: ({ machines }, tools) => together(machines, (machine) => resumeWherePaused(machine, tools)),
  verifyBegun: ({ machines }, tools) => forEach(machines, (machine) => verifyPaused(machine, tools)),
  verifyHealed: ({ machines }, tools) => forEach(machines, (machine) => verifyGoing(machine, tools)),
  undoOnNode: ({ machines }, vmids) =>
    machines.map((machine) => ({ machine, command: `qm resume ${vmids[machine]} || :` })),
}

const resumeWherePaused = async (machine: string, tools: FaultTools) => {
  const isPaused = (await control(tools, 'runState')(machine, tools.signal)) === 'paused'
  return isPaused ? control(tools, 'resume')(machine, tools.signal) : timed(tools, () => Promise.resolve())
}

async function verifyPaused(machine: string, tools: FaultTools): Promise<Effect> {
  const state = await control(tools, 'runState')(machine, tools.signal)
  const said = `the hypervisor says that ${machine} is ${state}`
  if (state !== 'paused') return { proven: false, evidence: said }
  const silence = await seeSilence(machine, tools)
  return { proven: silence.proven, evidence: `${said}, and ${silence.evidence}` }
}

async function verifyGoing(machine: string, tools: FaultTools): Promise<Effect> {
  const state = await control(tools, 'runState')(machine, tools.signal)
  return { proven: state === 'running', evidence: `the hypervisor says that ${machine} is ${state}` }
}
