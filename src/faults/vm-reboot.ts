import { z } from 'zod'
import { onSchema } from './aimed.ts'
import { forEach, together } from './each-machine.ts'
import type { Fault } from './fault.ts'
import { control } from './machine-control.ts'
import { bootMark, seeRestart } from './machine-sight.ts'
import { vmStop } from './vm-stop.ts'

const prepared = z.object({ marks: z.record(z.string(), z.string()) })

/** A machine that goes down and comes back by itself; `verb` is how. What it said of its start beforehand is what proves it. */
function restart(verb: 'reboot' | 'reset', howTo: string): Fault {
  return {
    ...vmStop,
    kind: `vm-${verb}`,
    params: z.strictObject({ on: onSchema }),
    howTo,
    calls: ({ machines }) => {
      const looks = machines.map((machine) => ({
        ask: 'command' as const,
        machine,
        command: '(what it says of its start)',
      }))
      const states = machines.map((machine) => ({ ask: 'state' as const, machine }))
      return {
        prepare: looks,
        begin: machines.map((machine) => ({ ask: 'power' as const, machine, verb })),
        verifyBegun: looks,
        heal: states,
        verifyHealed: states,
      }
    },
    async prepare({ machines, params }, _lab, tools) {
      const marks = await Promise.all(
        machines.map(async (machine) => [machine, await bootMark(machine, tools)] as const),
      )
      return { machines, params: { ...params, marks: Object.fromEntries(marks) } }
    },
    begin: ({ machines }, tools) => together(machines, (machine) => control(tools, verb)(machine, tools.signal)),
    verifyBegun: ({ machines, params }, tools) =>
      forEach(machines, (machine) => seeRestart(machine, prepared.parse(params).marks[machine] ?? '', tools)),
  }
}

/** Asked for by the hypervisor, done by the guest. */
export const vmReboot = restart(
  'reboot',
  'asks a virtual machine to start anew (qm reboot); it comes back by itself, and is started where it does not',
)

/** The reset button: nothing in the guest is asked. */
export const vmReset = restart(
  'reset',
  'presses the reset button of a virtual machine (qm reset); it comes back by itself, and is started where it does not',
)
