import { mastersOf } from '../../src/engine/settled.ts'
import { faults } from '../../src/faults/index.ts'
import type { Bench } from './trial.ts'
import { toolsFor } from './trial.ts'

const withinMs = 60_000

/**
 * Makes the primary master again where the pair does not do that by itself (no preemption): the other one goes into maintenance mode and out of it.
 * A fault that is aimed at the master would hit nothing otherwise.
 */
export async function primaryFirst(bench: Bench): Promise<void> {
  const { primary, secondary, preempt } = bench.lab.pair
  const maintenance = faults['carp-maintenance']
  if (preempt || maintenance === undefined || (await isMaster(bench, primary))) return
  const tools = toolsFor(bench, AbortSignal.timeout(withinMs))
  const aim = { machines: [secondary], params: { on: secondary } }
  const complete = (await maintenance.prepare?.(aim, bench.lab, tools)) ?? aim
  await maintenance.begin(complete, tools)
  while (!(await isMaster(bench, primary))) await bench.clock.sleep(200, tools.signal)
  await maintenance.heal(complete, tools)
}

async function isMaster({ lab, connection }: Bench, node: string): Promise<boolean> {
  const { vhids } = await connection.haReader.read(node, AbortSignal.timeout(5000))
  return mastersOf(lab, new Map([[node, vhids]])).length === 1
}
