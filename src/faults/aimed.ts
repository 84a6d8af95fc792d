import { z } from 'zod'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'
import { machineRefSchema } from '../model/name.ts'
import type { RequestInterval } from '../ports/hypervisor.ts'
import type { FaultTools, NodeAccess } from './fault.ts'

/** What a fault is aimed at: one machine or role, or several. */
export const onSchema = z.union([machineRefSchema, z.array(machineRefSchema).min(1)])

/** The N of netN of a machine on a network. Throws where it has no NIC there. */
export function nicIndex(machine: string, network: string, lab: Lab): number {
  const networks = Object.keys(lab.machines[machine]?.nics ?? {})
  if (networks.includes(network)) return networks.indexOf(network)
  throw new HarnessError(`expected ${machine} to have a NIC on ${network}, it has ${networks.join(', ') || 'none'}`, {
    exitCode: exitCodes.usage,
  })
}

/** The shell of the hypervisor's nodes. Throws where the target file lets nobody in. */
export function nodeAccess({ node }: FaultTools, kind: string): NodeAccess {
  if (node !== null && node !== undefined) return node
  throw new HarnessError(`expected a shell on the hypervisor node for ${kind}, the target file names none`, {
    exitCode: exitCodes.unavailable,
    hint: 'set nodeSsh in the target file',
  })
}

/** What the signal leaves of a wait, and no more than `ms`. */
export const within = (ms: number, signal: AbortSignal): AbortSignal =>
  AbortSignal.any([signal, AbortSignal.timeout(ms)])

/** Runs `work` and tells the interval that it took. */
export async function timed(tools: Pick<FaultTools, 'clock'>, work: () => Promise<unknown>): Promise<RequestInterval> {
  const sentMs = tools.clock.nowMs()
  await work()
  return { sentMs, ackedMs: tools.clock.nowMs() }
}
