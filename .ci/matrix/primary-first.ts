import { mastersOf } from '../../src/engine/settled.ts'
import { faults } from '../../src/faults/index.ts'
import type { Bench } from './bench.ts'
import { toolsFor } from './bench.ts'

const withinMs = 120_000
const pollMs = 200

/**
 * Makes the primary master of all addresses where the pair does not do that by itself (no preemption), as its operator would: CARP is turned off on the other
 * one for as long as that takes. Addresses that a fault has parted stay on different firewalls otherwise.
 */
export async function primaryFirst(bench: Bench): Promise<void> {
  const { primary, secondary, preempt } = bench.lab.pair
  const disable = faults['carp-disable']
  if (preempt || disable === undefined) return
  const tools = toolsFor(bench, AbortSignal.timeout(withinMs))
  while ((await isMaster(bench, primary)) === null || (await isMaster(bench, secondary)) === null)
    await bench.clock.sleep(pollMs, tools.signal)
  if ((await isMaster(bench, primary)) === true) return
  const aim = { machines: [secondary], params: { on: secondary } }
  const complete = (await disable.prepare?.(aim, bench.lab, tools)) ?? aim
  await disable.begin(complete, tools)
  while ((await isMaster(bench, primary)) !== true) await bench.clock.sleep(pollMs, tools.signal)
  await disable.heal(complete, tools)
}

/** Whether a node is master of every address; null while it does not answer. */
async function isMaster({ lab, connection }: Bench, node: string): Promise<boolean | null> {
  const state = await connection.haReader.read(node, AbortSignal.timeout(3000)).catch(() => null)
  return state === null ? null : mastersOf(lab, new Map([[node, state.vhids]])).length === 1
}
