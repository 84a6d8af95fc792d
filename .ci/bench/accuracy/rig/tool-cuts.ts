import { setTimeout as sleep } from 'node:timers/promises'
import { nowMs } from '../../../../src/probes/agent/clock.mjs'
import { wallOffset } from '../../../../src/probes/agent/wall-clock.mjs'
import type { ToolRow } from '../rows.ts'
import type { Cable } from './cable.ts'
import { capture } from './capture.ts'
import { type Cut, atGrain, setCuts } from './cut-times.ts'
import { inFolder } from './folder.ts'
import type { ToolsOrder } from './order.ts'
import { type WireProbe, probesOf } from './wire-probes.ts'
import { type Tool, end, isThere, startServers, toolsOf } from './tools.ts'

const warmUpMs = 2000
/** Around a cut, in intervals and ms, in which its probes lie. */
const marginMs = 20

/** Every tool at once against the same cuts, each judged by its packets on the wire: what its count of losses says, and what its send times say. */
export async function playForTools(cable: Cable, { kind, everyMs, cuts }: ToolsOrder): Promise<ToolRow[]> {
  startServers(cable)
  await sleep(500)
  const tools = toolsOf(kind).filter(isThere)
  return await inFolder(async (folder) => {
    const running = await capture(folder)
    const children = tools.map((tool) => ({ tool, child: tool.start(everyMs) }))
    const timed = scheduled(cuts, nowMs() + wallOffset().offsetMs + warmUpMs)
    setCuts(cable, timed)
    const lastNs = timed.at(-1)?.toNs ?? 0n
    await sleep(Number(lastNs) / 1e6 - Date.now() + 2 * everyMs + 500)
    const lasting: Tool[] = []
    for (const { tool, child } of children) if (await end(child, tool)) lasting.push(tool)
    const sightings = await running.stop()
    return lasting.map((tool) => {
      const probes = probesOf(sightings.filter(({ target }) => target === tool.target))
      const errors = timed.map((cut) => errorsOf(probes, cut, everyMs))
      return {
        tool: tool.name,
        everyMs,
        counted: errors.map(({ counted }) => counted),
        bracket: errors.map(({ bracket }) => bracket),
      }
    })
  })
}

function scheduled(cuts: ToolsOrder['cuts'], startMs: number): Cut[] {
  let wallMs = startMs
  return cuts.map(({ lengthMs, afterMs }) => {
    const fromNs = atGrain(BigInt(Math.round((wallMs + afterMs) * 1e6)))
    const toNs = atGrain(fromNs + BigInt(Math.round(lengthMs * 1e6)))
    wallMs = Number(toNs) / 1e6
    return { fromNs, toNs }
  })
}

/** How far the number of lost probes times the interval, and the middle of the bracket, are from the truth, ms. */
function errorsOf(
  probes: readonly WireProbe[],
  { fromNs, toNs }: Cut,
  everyMs: number,
): { counted: number; bracket: number } {
  const [fromMs, toMs] = [Number(fromNs) / 1e6, Number(toNs) / 1e6]
  const truthMs = Number(toNs - fromNs) / 1e6
  const isNear = ({ sentMs }: WireProbe) => sentMs > fromMs - everyMs - marginMs && sentMs < toMs + everyMs + marginMs
  const lost = probes.filter((probe) => !probe.isAnswered && isNear(probe))
  const [first, last] = [lost[0], lost.at(-1)]
  if (first === undefined || last === undefined) return { counted: -truthMs, bracket: Number.NaN }
  const before = probes.findLast(({ sentMs, isAnswered }) => isAnswered && sentMs < first.sentMs)?.sentMs ?? Number.NaN
  const after = probes.find(({ sentMs, isAnswered }) => isAnswered && sentMs > last.sentMs)?.sentMs ?? Number.NaN
  const bracketMs = (last.sentMs - first.sentMs + (after - before)) / 2
  return { counted: lost.length * everyMs - truthMs, bracket: bracketMs - truthMs }
}
