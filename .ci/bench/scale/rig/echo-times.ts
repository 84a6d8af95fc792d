import type { Event } from '../../../../src/model/event.ts'

/** Of the messages of quiet sessions in steady traffic, ms: until the echo, and how late each left against its session's own grid. */
export interface EchoTimes {
  messages: number
  perSecond: number
  echoMs: number[]
  latenessMs: number[]
}

/** Until all sessions are open, ms. */
const settleMs = 5000

/** Reads the messages and echoes of a recording. `isQuiet`: sessions that were left alone. */
export function echoTimes(events: Iterable<Event>, everyMs: number, isQuiet: (session: number) => boolean): EchoTimes {
  const sent = new Map<number, number[]>()
  const echoMs: number[] = []
  let [firstMs, lastMs, messages, steady] = [Infinity, 0, 0, 0]
  for (const event of events) {
    if (event.type === 'messages') firstMs = Math.min(firstMs, event.baseMs)
    if (event.type !== 'messages' && event.type !== 'echoes') continue
    for (const { session, seq, atMs } of rowsOf(event)) {
      if (event.type === 'messages') {
        listOf(sent, session)[seq] = atMs
        messages += 1
        lastMs = Math.max(lastMs, atMs)
        if (atMs > firstMs + settleMs) steady += 1
      } else if (isQuiet(session)) {
        const sentMs = sent.get(session)?.[seq] ?? Infinity
        if (sentMs > firstMs + settleMs && sentMs < Infinity) echoMs.push(atMs - sentMs)
      }
    }
  }
  const latenessMs = [...sent].flatMap(([session, times]) => (isQuiet(session) ? latenessOf(times, everyMs) : []))
  return { messages, perSecond: steady / ((lastMs - firstMs - settleMs) / 1000), echoMs, latenessMs }
}

function* rowsOf(event: Extract<Event, { type: 'messages' | 'echoes' }>) {
  for (const [index, session] of event.sessions.entries()) {
    yield { session, seq: event.seqs[index] ?? 0, atMs: event.baseMs + (event.afterMs[index] ?? 0) }
  }
}

function latenessOf(times: readonly number[], everyMs: number): number[] {
  const offsets = times.map((atMs, seq) => atMs - seq * everyMs)
  const earliest = offsets.reduce((least, offset) => Math.min(least, offset), Infinity)
  return offsets.map((offset) => offset - earliest)
}

function listOf(lists: Map<number, number[]>, key: number): number[] {
  const list = lists.get(key) ?? []
  lists.set(key, list)
  return list
}
