import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { conductDrill } from '../../../src/commands/drill-session.ts'
import { judgeRecording } from '../../../src/commands/judgement.ts'
import type { Event } from '../../../src/model/event.ts'
import { reasonOf } from '../../../src/model/failure.ts'
import type { Result } from '../../../src/model/result.ts'
import { startBystanders } from './bystanders.ts'
import type { Bystanders, Told } from './bystanders.ts'
import { drillOf, refusedDrill } from './faults.ts'
import type { BenchFault } from './faults.ts'
import { loadDrill } from './ground.ts'
import type { Ground } from './ground.ts'
import type { Stretch } from './truth.ts'

/** One fault, measured by everybody at the same time. */
export interface BenchTrial {
  fault: BenchFault
  result: Result
  told: Told
  /** From the fault to the heal, and from there until the pair was settled again, in wall time. */
  stretches: { failover: Stretch; failback: Stretch }
  /** What the harness says to the script's own command, where it is that which is tried. */
  refusal: string | null
}

const withinMs = 240_000

/** Carries out the drill of a fault on a lab that stands, with everybody else beside it. */
export async function tryFault(
  fault: BenchFault,
  { stage, site, settled }: Ground,
  stop: AbortSignal,
): Promise<BenchTrial> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(withinMs)])
  const loaded = await loadDrill(drillOf(fault))
  await settled()
  const others = await startBystanders(site, fault.isOwn === true, signal)
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-baseline-'))
  try {
    const course = watchCourse(others)
    const run = { runId: fault.name, startedAt: new Date(), folder, onEvent: course.onEvent }
    const end = await conductDrill(loaded, stage, run, signal)
    const { told, stretches } = await course.end()
    const result = await judgeRecording(folder)
    if (end.outcome !== 'completed') throw new Error([end.reason, ...troubles(result)].join('; '))
    return { fault, result, told, stretches, refusal: fault.isOwn === true ? await refusalOf(fault) : null }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const refusalOf = (fault: BenchFault): Promise<string> =>
  loadDrill(refusedDrill(fault)).then(() => 'accepted', reasonOf)

const troubles = ({ problems, timeline }: Result): string[] => [
  ...problems.map(({ where, message }) => `${where}: ${message}`),
  ...timeline.streams.flatMap(({ name, failure }) => (failure === null ? [] : [`${name}: ${failure}`])),
]

/** Tells the others of fault and heal, and keeps the time of both. */
function watchCourse(others: Bystanders) {
  const times = { failover: Number.NaN, failback: Number.NaN, end: Number.NaN }
  const marks: Promise<void>[] = []
  const mark = (name: 'begun' | 'healed') => {
    const marked = others.mark(name)
    // What fails is told at the end, where it is waited for.
    marked.catch(() => {})
    marks.push(marked)
  }
  const onEvent = (event: Event): void => {
    if (event.type === 'step-started') times[event.step === 'failover' ? 'failover' : 'failback'] = Date.now()
    if (event.type === 'step-ended' || event.type === 'gate') times.end = Date.now()
    if (event.type === 'injected') mark('begun')
    if (event.type === 'healed') mark('healed')
  }
  return {
    onEvent,
    async end() {
      mark('begun')
      mark('healed')
      await Promise.all(marks)
      return { told: await others.end(), stretches: stretchesOf(times) }
    },
  }
}

const stretchesOf = ({ failover, failback, end }: { failover: number; failback: number; end: number }) => ({
  failover: { fromMs: failover, toMs: failback },
  failback: { fromMs: failback, toMs: end },
})
