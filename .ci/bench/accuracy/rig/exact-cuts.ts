import { nowMs } from '../../../../src/probes/agent/clock.mjs'
import { wallOffset } from '../../../../src/probes/agent/wall-clock.mjs'
import type { Interval } from '../../../../src/model/interval.ts'
import type { Clock } from '../../../../src/ports/clock.ts'
import type { CutRow } from '../rows.ts'
import { standstillAround } from '../standstill.ts'
import type { Cable } from './cable.ts'
import { type Cut, atGrain, setCuts } from './cut-times.ts'
import { type Trial, drillOnCable } from './drill.ts'
import { inFolder } from './folder.ts'
import type { CutsOrder } from './order.ts'
import { rowOf, streamsOf } from './outage-rows.ts'
import { watchProcessors } from './processors.ts'

const cleanMs = 2000
const leadMs = 1000
/** Between the end of a cut and the step of the next one: more than one probe at the slowest rate. */
const pauseMs = 300
/** Wall and monotonic clock may part by this much in a batch, beside the bound of their comparison, ms. */
const steadyMs = 0.1
/** The monotonic clock is read to the microsecond. */
const clockGrainMs = 0.001

/** Plays the cuts while all streams probe them; a row per cut and stream, from the judged recording alone. */
export async function playCuts(cable: Cable, { seed, kind, everyMs, cuts }: CutsOrder): Promise<CutRow[]> {
  let schedule: Schedule | undefined
  const trials = cuts.map((_, index): Trial => ({
    name: `cut-${index}`,
    kind: 'exact-cut',
    play: (clock) => waitFor(schedule, index, clock),
  }))
  const onClean = (clock: Clock) => void (schedule = scheduleOf(cable, cuts, clock))
  const drill = { seed, streams: streamsOf(kind, everyMs), cleanMs, pauseMs, trials, onClean }
  const processors = watchProcessors()
  const result = await inFolder((folder) => drillOnCable({ folder, ...drill }))
  const standstills = await processors.stop()
  if (schedule === undefined) throw new Error('nothing was scheduled')
  const boundMs = boundOf(schedule)
  const { offsetMs } = schedule.relation
  return schedule.cuts.flatMap(({ fromNs, toNs }, index) => {
    const truth = exactly(Number(toNs - fromNs) / 1e6)
    const edgesMs = [fromNs, toNs].map((ns) => Number(ns) / 1e6 - offsetMs)
    return everyMs.map((every) => {
      const standstillMs = standstillAround(edgesMs, every, standstills)
      return { ...rowOf(result, { truth, index, every, boundMs }), standstillMs }
    })
  })
}

/** What must be added to the monotonic clock to get wall time, and by how much that may be wrong. */
type WallRelation = ReturnType<typeof wallOffset>

interface Schedule {
  cuts: Cut[]
  relation: WallRelation
  /** The run's clock at 0, on the monotonic clock. */
  originMs: number
}

function scheduleOf(cable: Cable, cuts: CutsOrder['cuts'], clock: Clock): Schedule {
  const relation = wallOffset()
  let wallMs = nowMs() + relation.offsetMs + cleanMs + leadMs
  const timed = cuts.map(({ lengthMs, afterMs }) => {
    const fromNs = atGrain(BigInt(Math.round((wallMs + afterMs) * 1e6)))
    const toNs = atGrain(fromNs + BigInt(Math.round(lengthMs * 1e6)))
    wallMs = Number(toNs) / 1e6
    return { fromNs, toNs }
  })
  setCuts(cable, timed)
  return { cuts: timed, relation, originMs: nowMs() - clock.nowMs() }
}

/** Until the cut is over. It began when the kernel's wall clock says, seen on the run's clock. */
async function waitFor(schedule: Schedule | undefined, index: number, clock: Clock): Promise<Interval> {
  const cut = schedule?.cuts[index]
  if (schedule === undefined || cut === undefined) throw new Error(`cut ${index} is not scheduled`)
  const { relation, originMs } = schedule
  const onRun = (ns: bigint) => Number(ns) / 1e6 - relation.offsetMs - originMs
  if (clock.nowMs() > onRun(cut.fromNs) - pauseMs / 2) throw new Error(`cut ${index} comes too early for its step`)
  await clock.sleep(onRun(cut.toNs) - clock.nowMs(), new AbortController().signal)
  return { low: onRun(cut.fromNs) - relation.widthMs, high: onRun(cut.fromNs) + relation.widthMs }
}

/** How well wall and monotonic clock agree over the batch; a wall clock that stepped makes its truth void. */
function boundOf({ relation }: Schedule): number {
  const now = wallOffset()
  const partedMs = Math.abs(now.offsetMs - relation.offsetMs)
  const boundMs = now.widthMs + relation.widthMs + clockGrainMs
  if (partedMs > boundMs + steadyMs) throw new Error(`the wall clock stepped by ${partedMs.toFixed(3)} ms`)
  return partedMs + boundMs
}

const exactly = (ms: number): Interval => ({ low: ms, high: ms })
