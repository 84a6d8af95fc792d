import { setTimeout as sleep } from 'node:timers/promises'
import { nowMs } from '../../../../src/probes/agent/clock.mjs'
import { paceOf } from '../departures.ts'
import type { PaceRow } from '../rows.ts'
import type { Cable } from './cable.ts'
import { capture, type Sighting } from './capture.ts'
import { inFolder } from './folder.ts'
import type { PaceOrder } from './order.ts'
import { processorMs } from './processor-time.ts'
import { end, isThere, startServers, type Tool, toolsOf } from './tools.ts'

/** What a program does in its first moments is not looked at, ms. */
const warmUpMs = 1500

/** One tool after the other, each alone, in every round: the machine is the same for all of them. */
export async function pacesOf(cable: Cable, { kind, everyMs, seconds, rounds }: PaceOrder): Promise<PaceRow[]> {
  startServers(cable)
  const rows: PaceRow[] = []
  const tools = toolsOf(kind).filter(isThere)
  for (let round = 0; round < rounds; round += 1)
    for (const every of everyMs) for (const tool of tools) rows.push(...(await paceOfTool(tool, every, seconds)))
  return rows
}

async function paceOfTool(tool: Tool, everyMs: number, seconds: number): Promise<PaceRow[]> {
  return await inFolder(async (folder) => {
    const running = await capture(folder)
    const child = tool.start(everyMs)
    await sleep(warmUpMs)
    const [fromMs, before] = [nowMs(), processorMs(child.pid ?? 0)]
    await sleep(seconds * 1000)
    const processor = (processorMs(child.pid ?? 0) - before) / (nowMs() - fromMs)
    const hasLasted = await end(child, tool)
    const departures = departuresOf(await running.stop(), tool.target)
    // The clocks of this process and of the capture need no relation: the warm-up is cut off by the capture's own.
    const settled = departures.filter((atMs) => atMs >= (departures[0] ?? 0) + warmUpMs)
    return !hasLasted ? [] : [{ tool: tool.name, everyMs, processor, ...paceOf(settled, everyMs) }]
  })
}

/** When probes left. A tool's few other packets (irtt's handshake) have other lengths. */
export function departuresOf(sightings: readonly Sighting[], target: string): number[] {
  const sent = sightings.filter((one) => one.isSent && one.target === target)
  const lengths = Map.groupBy(sent, ({ bytes }) => bytes.length)
  const usual = [...lengths.values()].toSorted((one, other) => other.length - one.length)[0] ?? []
  return usual.map(({ atMs }) => atMs)
}
