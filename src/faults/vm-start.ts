import { z } from 'zod'
import { HarnessError, exitCodes } from '../model/failure.ts'
import { onSchema, timed } from './aimed.ts'
import { forEach, together } from './each-machine.ts'
import type { Effect, Fault, FaultTools } from './fault.ts'

/** A machine that was off and comes up in the middle of everything. Only what was off before is begun, so that healing may switch it off. */
export const vmStart: Fault = {
  kind: 'vm-start',
  needs: ['power'],
  params: z.strictObject({ on: onSchema }),
  howTo: 'starts a virtual machine that is off (qm start); healed by cutting its power again (qm stop)',
  calls: ({ machines }) => {
    const states = machines.map((machine) => ({ ask: 'state' as const, machine }))
    return {
      prepare: states,
      begin: machines.map((machine) => ({ ask: 'start' as const, machine })),
      verifyBegun: states,
      heal: machines.flatMap((machine) => [
        { ask: 'state' as const, machine },
        { ask: 'stop' as const, machine },
      ]),
      verifyHealed: states,
    }
  },
  async prepare(aim, _lab, { hypervisor, signal }) {
    for (const machine of aim.machines) {
      if ((await hypervisor.powerState(machine, signal)) === 'stopped') continue
      throw new HarnessError(`expected ${machine} to be off before vm-start, it runs`, {
        exitCode: exitCodes.unavailable,
        hint: 'stop it in an earlier step (vm-stop)',
      })
    }
    return aim
  },
  begin: ({ machines }, { hypervisor, signal }) => together(machines, (machine) => hypervisor.start(machine, signal)),
  heal: ({ machines }, tools) => together(machines, (machine) => stopWhereRunning(machine, tools)),
  verifyBegun: ({ machines }, tools) => forEach(machines, (machine) => see(machine, 'running', tools)),
  verifyHealed: ({ machines }, tools) => forEach(machines, (machine) => see(machine, 'stopped', tools)),
  undoOnNode: ({ machines }, vmids) => machines.map((machine) => ({ machine, command: `qm stop ${vmids[machine]}` })),
}

const stopWhereRunning = async (machine: string, tools: FaultTools) =>
  (await tools.hypervisor.powerState(machine, tools.signal)) === 'running'
    ? tools.hypervisor.stop(machine, tools.signal)
    : timed(tools, () => Promise.resolve())

async function see(machine: string, wanted: 'running' | 'stopped', tools: FaultTools): Promise<Effect> {
  const state = await tools.hypervisor.powerState(machine, tools.signal)
  return { proven: state === wanted, evidence: `the hypervisor says that ${machine} is ${state}` }
}
