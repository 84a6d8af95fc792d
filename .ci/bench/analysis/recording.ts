import { closeSync, openSync, writeSync } from 'node:fs'
import { at, drill } from '../../../src/analysis/fixture/drill.ts'
import type { Event } from '../../../src/model/event.ts'
import { toLine } from '../../../src/recording/line.ts'

const everyMs = 10
/** The client's clock shows this much more than the run's, ms. */
const aheadMs = 500_000
const probesPerWrite = 5000

/** Writes the recording of a drill whose last step goes on until `probes` probes were sent at 10 ms; as long a file as it takes. */
export function writeLongRecording(path: string, probes: number): void {
  const endMs = 1000 + probes * everyMs + 5000
  const rest = drill().filter(({ type }) => type !== 'probe' && type !== 'messages' && type !== 'echoes')
  const course = rest.map((event) => later(event, endMs)).map((event) => ({ atMs: event.atMs, line: toLine(event) }))
  const file = openSync(path, 'wx')
  try {
    let waiting: Line[] = course
    for (let seq = 0; seq < probes; seq += probesPerWrite) {
      const all = [...waiting, ...someProbes(seq, Math.min(probes, seq + probesPerWrite))]
      const untilMs = 1000 + (seq + probesPerWrite) * everyMs
      writeSync(file, inOrder(all.filter(({ atMs }) => atMs < untilMs)))
      waiting = all.filter(({ atMs }) => atMs >= untilMs)
    }
    writeSync(file, inOrder(waiting))
  } finally {
    closeSync(file)
  }
}

/** One line of the recording, and when it was recorded. */
interface Line {
  atMs: number
  line: string
}

const inOrder = (lines: Line[]): string =>
  lines
    .toSorted((one, other) => one.atMs - other.atMs)
    .map(({ line }) => line)
    .join('')

/** What the short drill does at its end, this one does at its own. */
function later(event: Event, endMs: number): Event {
  const atMs = event.atMs < at.settled - 1000 ? event.atMs : endMs - at.end + event.atMs
  if (event.type === 'run-ended')
    return { ...event, atMs, endedAt: new Date(Date.parse(event.endedAt) + endMs - at.end).toISOString() }
  return event.type === 'stream-opened' && event.class === 'packets' ? { ...event, atMs, everyMs } : { ...event, atMs }
}

/** One probe in 20,000 is lost, besides those of the power cut; every answer takes another while. */
function someProbes(from: number, to: number): Line[] {
  return Array.from({ length: to - from }, (_, index) => {
    const seq = from + index
    const runMs = 1000 + seq * everyMs
    const isLost = (runMs > at.cut && runMs < at.takeover) || seq % 20_000 === 19_999
    const [sentMs, rttMs] = [runMs + aheadMs + (seq % 7) / 100, 0.3 + (seq % 13) / 50]
    const answer = isLost ? 'null' : (sentMs + rttMs).toFixed(3)
    const atMs = runMs + (isLost ? 2000 : rttMs)
    const times = `"sentMs":${sentMs.toFixed(3)},"receivedMs":${answer},"dueMs":${runMs + aheadMs}`
    const line = `{"type":"probe","stream":"outside","seq":${seq},${times},"atMs":${atMs.toFixed(3)}}\n`
    return { atMs, line }
  })
}
