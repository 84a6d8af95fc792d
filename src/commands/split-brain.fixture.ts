import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { Span, Spans } from '../analysis/roles/spans.ts'
import { intersection, lengthOf, union } from '../analysis/roles/spans.ts'
import { startClock } from '../engine/clock.ts'
import type { Event } from '../model/event.ts'
import type { Measurement, Result, StepTrace } from '../model/result.ts'
import { connect } from './connection.ts'
import { conductDrill } from './drill-session.ts'
import { judgeRecording } from './judgement.ts'
import { loadScenarios } from './loading.ts'
import { enterStage } from './stage.ts'
import type { Stage } from './stage.ts'

/** One step: which way advertisements were (or had been) dropped, how long both were master by the speakers' own stamps, and what the harness says. */
interface SplitBrain {
  step: string
  ways: Way
  truthMs: number
  measured: Measurement
}

export type Way = 'one' | 'both'

/** A drill of splits, one after the other, on a lab of its own that is gone afterwards. `leftovers`: what is left of the lab. */
export interface SplitDrill {
  splits: SplitBrain[]
  result: Result
  leftovers: string[]
}

/** Runs a drill that drops advertisements for some seconds, once for each of the ways, and reads the speakers' own stamps before the lab goes. */
export async function drillSplits(lab: string, ways: readonly Way[], signal: AbortSignal): Promise<SplitDrill> {
  const { result, leftovers, originMs, told } = await drillAlone(scenarioOf(lab, ways), stampsOf, signal)
  return { splits: splitsOf(result, ways, told, originMs), result, leftovers }
}

/** Runs a scenario on an embedded lab of its own, which is gone afterwards, and so is all but the result. `ask` is told by the lab while it still stands. */
export async function drillAlone<T>(
  scenario: string,
  ask: (stage: Stage, signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<{ result: Result; leftovers: string[]; originMs: number; told: T }> {
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-alone-'))
  try {
    writeFileSync(join(folder, 'drill.yaml'), scenario)
    const [loaded] = await loadScenarios([join(folder, 'drill.yaml')])
    if (loaded === undefined) throw new Error('no scenario was loaded')
    const stage = await enterStage([loaded], { defect: [], instance: 0 }, () => {}, signal)
    let originMs = Infinity
    const onEvent = ({ atMs }: Event) => void (originMs = Math.min(originMs, monotonicMs() - atMs))
    const drillAndAsk = async () => {
      await conductDrill(loaded, stage, { runId: 'alone', startedAt: new Date(), folder, onEvent }, signal)
      return await ask(stage, signal)
    }
    const told = await drillAndAsk().catch(async (error: unknown) => {
      await stage.leave()
      throw error
    })
    const leftovers = await stage.leave()
    return { result: await judgeRecording(folder), leftovers, originMs, told }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The clock that is the same on every machine of an embedded lab. */
const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6

function scenarioOf(lab: string, ways: readonly Way[]): string {
  const steps = ways.flatMap((way, index) => [
    `  - { name: split-${index}, fault: { carp-drop: { from: $master, to: $backup, ways: ${way} } }, recoverWithin: 9s }`,
    `  - { name: heal-${index}, heal: split-${index}, recoverWithin: 60s }`,
  ])
  return `scenario: split-brain
question: How long are both firewalls master while advertisements are lost?
red: Nobody knows how long both were master.
lab: ${lab}
gate: { cleanFor: 2s, settleWithin: 60s }
probes:
  outside: { ping: { from: client, to: target, every: 200ms } }
steps:
${steps.join('\n')}
expect:
  - { metric: split-0.dualMaster, stream: pair, min: 1s, because: nobody hears the other }
`
}

const stampSchema = z.object({ ms: z.number(), device: z.string(), vhid: z.int(), state: z.string() })
type Stamp = z.output<typeof stampSchema>

async function stampsOf({ target, label }: Stage, signal: AbortSignal): Promise<Record<string, Stamp[]>> {
  const connection = await connect(target, { name: label, machines: Object.keys(target.machines) }, startClock())
  const read = async (node: string): Promise<[string, Stamp[]]> => {
    const text = await connection.shell.run(node, 'cat /var/log/carp-truth.jsonl', { signal })
    const lines = text.split('\n').filter((line) => line !== '')
    return [node, lines.map((line) => stampSchema.parse(JSON.parse(line)))]
  }
  try {
    return Object.fromEntries(await Promise.all(['fw1', 'fw2'].map(read)))
  } finally {
    await connection.close()
  }
}

function splitsOf(
  result: Result,
  ways: readonly Way[],
  truth: Record<string, Stamp[]>,
  originMs: number,
): SplitBrain[] {
  const { steps } = result.timeline
  const vhids = result.lab.pair.vips.map(({ vhid }) => vhid)
  const both = vhids.map((vhid) =>
    intersection(reigns(truth['fw1'] ?? [], vhid, originMs), reigns(truth['fw2'] ?? [], vhid, originMs)),
  )
  return steps.map(({ name: step }, index) => {
    const measured = result.measurements.find(
      (one) => one.step === step && one.metric === 'dualMaster' && one.stream === 'pair',
    )
    if (measured === undefined) throw new Error(`${step} was not measured: ${result.headline}`)
    const window = union([windowOf(steps, step)])
    return {
      step,
      ways: ways[index >> 1] ?? 'one',
      truthMs: lengthOf(intersection(union(both.flat()), window)),
      measured,
    }
  })
}

/** From a step's start to the next one's, or to its own end: nothing of interest happens after the last. */
function windowOf(steps: readonly StepTrace[], name: string): Span {
  const index = steps.findIndex((step) => step.name === name)
  return { fromMs: steps[index]?.startMs ?? 0, toMs: steps[index + 1]?.startMs ?? steps[index]?.endMs ?? 0 }
}

function reigns(stamps: readonly Stamp[], vhid: number, originMs: number): Spans {
  const own = stamps.filter((stamp) => stamp.vhid === vhid)
  return union(
    own.flatMap(({ ms, state }, index) =>
      state === 'MASTER' ? [{ fromMs: ms - originMs, toMs: (own[index + 1]?.ms ?? Infinity) - originMs }] : [],
    ),
  )
}
