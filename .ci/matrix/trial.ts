import { z } from 'zod'
import type { Connection } from '../../src/commands/connection.ts'
import { unsettledReasons } from '../../src/engine/settled.ts'
import { faults } from '../../src/faults/index.ts'
import { reasonOf } from '../../src/model/failure.ts'
import type { HaState } from '../../src/model/ha-state.ts'
import type { Bench } from './bench.ts'
import { toolsFor } from './bench.ts'
import type { Entry } from './entries.ts'
import { primaryFirst } from './primary-first.ts'

/** One fault begun, seen, healed and seen to be healed. `unknown`: it was refused before it began, with the reason. */
export interface Trial extends Entry {
  outcome: 'as it should be' | 'unknown' | 'FAILED'
  /** From the request to the proof of the effect, ms. */
  effectMs: number | null
  /** From the end of the heal until the pair is settled again, ms. */
  settledMs: number | null
  said: string
}

/** What a journal keeps of an aim: the heal has nothing else. */
const journalled = z.object({ machines: z.array(z.string()), params: z.record(z.string(), z.unknown()) })
const withinMs = 150_000
const settleWithinMs = 120_000

/** Carries out one fault on a settled lab, within another where it needs that, and waits until the lab is settled again. Heals whatever happens. */
export async function tryFault(bench: Bench, entry: Entry): Promise<Trial> {
  const { kind, params, within } = entry
  const untold: Trial = { kind, params, outcome: 'FAILED', effectMs: null, settledMs: null, said: '' }
  if (within === undefined) return { ...untold, ...(await tryAlone(bench, entry)) }
  const outer = await prepared(bench, within)
  if (typeof outer === 'string') return { ...untold, outcome: 'unknown', said: outer }
  await outer.begin()
  const inner = await tryAlone(bench, entry, () => outer.heal())
  return { ...untold, ...inner }
}

async function tryAlone(
  bench: Bench,
  entry: Entry,
  after: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Partial<Trial>> {
  const use = await prepared(bench, entry)
  if (typeof use === 'string') return { outcome: 'unknown', said: use }
  const begun = await attempt(use.begin)
  const healed = await attempt(use.heal)
  await after()
  await primaryFirst(bench)
  const settledMs = await untilSettled(bench)
  const isGood = begun.proven && healed.proven && settledMs !== null
  const said = isGood ? begun.evidence : `${begun.evidence} | ${healed.evidence}`
  return { outcome: isGood ? 'as it should be' : 'FAILED', effectMs: begun.effectMs, settledMs, said }
}

/** A fault that is ready to begin, or why it cannot. It is healed twice, from what the journal keeps alone. */
async function prepared(bench: Bench, { kind, params }: Entry) {
  const fault = faults[kind]
  if (fault === undefined) return 'no such fault'
  const tools = toolsFor(bench, AbortSignal.timeout(withinMs))
  const aim = { machines: machinesOf(params), params: fault.params.parse(params) }
  const complete = await (fault.prepare?.(aim, bench.lab, tools) ?? Promise.resolve(aim)).catch(reasonOf)
  if (typeof complete === 'string') return complete
  const undo = journalled.parse(JSON.parse(JSON.stringify(complete)))
  return {
    async begin() {
      const { sentMs } = await fault.begin(complete, tools)
      return { ...(await fault.verifyBegun(complete, tools)), effectMs: bench.clock.nowMs() - sentMs }
    },
    async heal() {
      const last = toolsFor(bench, AbortSignal.timeout(withinMs))
      await fault.heal(undo, last)
      await fault.heal(undo, last)
      return { ...(await fault.verifyHealed(undo, last)), effectMs: 0 }
    },
  }
}

const attempt = (work: () => Promise<{ proven: boolean; evidence: string; effectMs: number | null }>) =>
  work().catch((error: unknown) => ({ proven: false, evidence: reasonOf(error), effectMs: null }))

function machinesOf({ on, from, to }: Readonly<Record<string, unknown>>): string[] {
  return (from === undefined ? [on].flat() : [from, to]).map(String)
}

/** Until nothing keeps the pair from being settled; null when time is up. */
export async function untilSettled({ connection, lab, clock }: Bench): Promise<number | null> {
  const startMs = clock.nowMs()
  while (clock.nowMs() - startMs < settleWithinMs) {
    const states = await Promise.all(
      [lab.pair.primary, lab.pair.secondary].map(async (node) => [node, await stateOf(connection, node)] as const),
    )
    if (unsettledReasons(lab, { states: new Map(states) }).length === 0) return clock.nowMs() - startMs
    await clock.sleep(200, AbortSignal.timeout(5000))
  }
  return null
}

const stateOf = ({ haReader }: Connection, node: string): Promise<HaState | null> =>
  haReader.read(node, AbortSignal.timeout(3000)).catch(() => null)
