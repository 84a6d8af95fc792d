import { z } from 'zod'
import { onSchema } from './aimed.ts'
import { together } from './each-machine.ts'
import type { Fault } from './fault.ts'
import { control } from './machine-control.ts'
import { vmStop } from './vm-stop.ts'

/** A machine that is asked to power off, as by ACPI's button; the guest does what it does at the end. Reference: firewalls page §3.5. */
export const vmShutdown: Fault = {
  ...vmStop,
  kind: 'vm-shutdown',
  params: z.strictObject({ on: onSchema }),
  howTo: 'asks a virtual machine to power off (qm shutdown); healed by starting it (qm start)',
  calls: ({ machines, params }, lab) => ({
    ...(vmStop.calls?.({ machines, params }, lab) ?? { verifyBegun: [], heal: [], verifyHealed: [] }),
    begin: machines.map((machine) => ({ ask: 'power' as const, machine, verb: 'shutdown' as const })),
  }),
  begin: ({ machines }, tools) => together(machines, (machine) => control(tools, 'shutdown')(machine, tools.signal)),
}
