import type { Facts } from '../analysis/facts.ts'
import { sayMs } from '../analysis/quantity.ts'
import type { EventOf } from '../model/event.ts'
import type { Check } from './check.ts'
import { pass, unknown } from './check.ts'

/** Wall and monotonic clock may part by this much over a run: slewing by NTP, and stamps rounded to milliseconds. */
const maxPartingMs = 100

/** Unknown where a wall clock was stepped during the run, or events are not in the order of their time. */
export const clockSteady: Check = {
  id: 'clock-steady',
  title: 'the clocks ran steadily',
  because: 'some probers pace themselves by the wall clock: a step moves or stretches what they measure',
  judge({ facts }) {
    const [started, ended] = [facts.of('run-started')[0], facts.of('run-ended').at(-1)]
    if (started === undefined || ended === undefined) return [unknown('the recording lacks its start or its end')]
    const { backwards } = facts
    if (backwards !== undefined)
      return [unknown(`the events are not in order at ${sayMs(backwards.atMs)} (${backwards.type})`)]
    const wallMs = Date.parse(ended.endedAt) - Date.parse(started.startedAt)
    const partingMs = Math.abs(wallMs - (ended.atMs - started.atMs))
    if (!(partingMs <= maxPartingMs)) {
      return [
        unknown(
          `wall and monotonic clock parted by ${sayMs(partingMs)} during the run, at most ${maxPartingMs} ms allowed`,
        ),
      ]
    }
    const stepped = steppedOf(facts)
    if (stepped !== null) return [unknown(stepped)]
    return [pass(`wall and monotonic clock parted by ${sayMs(partingMs)} over the run`)]
  },
}

/** The wall clock of a machine that stamps captures may move by this much between two looks at it, besides what crystals drift. */
const maxStepMs = 20
const maxDrift = 200e-6

function steppedOf(facts: Facts): string | null {
  for (const [machine, looks] of Map.groupBy(facts.of('wall-sync'), (look) => look.machine)) {
    for (const [index, look] of looks.entries()) {
      const before = looks[index - 1]
      const stepMs = before === undefined ? 0 : stepBetween(before, look)
      if (stepMs > maxStepMs)
        return `the wall clock of ${machine} stepped by at least ${sayMs(stepMs)} at ${sayMs(look.atMs)}`
    }
  }
  return null
}

/** By how much two looks contradict each other: each shows the wall clock at some instant between sending and receiving. */
function stepBetween(before: EventOf<'wall-sync'>, after: EventOf<'wall-sync'>): number {
  const drifted = maxDrift * Math.abs(after.receivedMs - before.sentMs)
  const forward = after.wallMs - after.receivedMs - (before.wallMs - before.sentMs)
  const back = before.wallMs - before.receivedMs - (after.wallMs - after.sentMs)
  return Math.max(forward, back) - drifted
}
