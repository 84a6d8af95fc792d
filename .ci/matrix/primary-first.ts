import { mastersOf } from '../../src/engine/settled.ts'
import { faults } from '../../src/faults/index.ts'
import type { Bench } from './trial.ts'
import { toolsFor } from './trial.ts'

const withinMs = 60_000

/**
 * Makes the primary master again where the pair does not do that by itself (no preemption): CARP is turned off on the other one for as long as that takes.
 * A fault that is aimed at the master would hit nothing otherwise.
 */
export async function primaryFirst(bench: Bench): Promise<void> {
  const { primary, secondary, preempt } = bench.lab.pair
  const disable = faults['carp-disable']
  if (preempt || disable === undefined || (await isMaster(bench, primary))) return
  const tools = toolsFor(bench, AbortSignal.timeout(withinMs))
  const aim = { machines: [secondary], params: { on: secondary } }
  const complete = (await disable.prepare?.(aim, bench.lab, tools)) ?? aim
  await disable.begin(complete, tools)
  while (!(await isMaster(bench, primary))) await bench.clock.sleep(200, tools.signal)
  await disable.heal(complete, tools)
}

async function isMaster({ lab, connection }: Bench, node: string): Promise<boolean> {
  const { vhids } = await connection.haReader.read(node, AbortSignal.timeout(5000))
  return mastersOf(lab, new Map([[node, vhids]])).length === 1
}
