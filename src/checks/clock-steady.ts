import { sayMs } from '../analysis/quantity.ts'
import type { Check } from './check.ts'
import { pass, unknown } from './check.ts'

/** Wall and monotonic clock may part by this much over a run: slewing by NTP, and stamps rounded to milliseconds. */
const maxPartingMs = 100

/** Unknown where the wall clock was stepped during the run, or events are not in the order of their time. */
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
    return [pass(`wall and monotonic clock parted by ${sayMs(partingMs)} over the run`)]
  },
}
