import { z } from 'zod'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'
import { onSameNode } from '../model/name.ts'
import { onSchema } from './aimed.ts'
import type { Fault } from './fault.ts'
import { vmStop } from './vm-stop.ts'

/**
 * Everything of the lab that lives on one node of the hypervisor loses its power at once. The node itself goes on: to cut its own power
 * takes a management board that no drill can heal without, so it is done to the lab's machines only, and told so.
 */
export const nodeDeath: Fault = {
  ...vmStop,
  kind: 'node-death',
  params: z.strictObject({ on: onSchema }),
  howTo:
    'cuts the power of all machines of the lab on the node of this one at once (qm stop of each), the node itself stays on; healed by starting them (qm start)',
  calls: ({ machines, params }, lab) => {
    const all = machines.some((machine) => machine.startsWith('$')) ? machines : onSameNode(lab.machines, machines)
    return vmStop.calls?.({ machines: all, params }, lab) ?? { begin: [], verifyBegun: [], heal: [], verifyHealed: [] }
  },
  prepare({ machines, params }, lab) {
    refuseOneNode(lab)
    return Promise.resolve({ machines: onSameNode(lab.machines, machines), params })
  },
}

function refuseOneNode(lab: Lab): void {
  const nodes = new Set(Object.values(lab.machines).map(({ node }) => node ?? 1))
  if (nodes.size > 1) return
  throw new HarnessError(`expected a lab on two nodes for node-death, all machines of ${lab.lab} are on one`, {
    exitCode: exitCodes.usage,
    hint: 'use vm-stop',
  })
}
