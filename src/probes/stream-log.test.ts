import { expect, test } from 'vitest'
import type { Fact } from '../model/event.ts'
import type { AgentStream } from './agent-stream.ts'
import { StreamLog } from './stream-log.ts'

const fast: AgentStream = {
  name: 'fast',
  kind: 'udp',
  class: 'packets',
  from: 'client',
  to: 'target',
  address: '192.0.2.1',
  port: 7,
  everyMs: 10,
  timeoutMs: 2000,
  sessions: 0,
}
const columns = { seqs: [3, 4], dueMs: [30, 40], sentMs: [31, 41], receivedMs: [31.5, 41.5], reflected: [1, 2] }

/** The facts that a log records when the agent says a line. */
function recordedOf(line: object): Fact[] {
  const facts: Fact[] = []
  const record = (fact: Fact) => {
    facts.push(fact)
    return { ...fact, atMs: 0 }
  }
  const clock = { nowMs: () => 0, sleep: () => Promise.resolve() }
  new StreamLog('client', [fast], { record, events: [] }, clock).read(JSON.stringify(line))
  return facts
}

test('answers that the agent tells by columns are recorded probe by probe', () => {
  expect(recordedOf({ type: 'answers', stream: 'fast', ...columns })).toEqual([
    { type: 'probe', stream: 'fast', seq: 3, dueMs: 30, sentMs: 31, receivedMs: 31.5, reflected: 1 },
    { type: 'probe', stream: 'fast', seq: 4, dueMs: 40, sentMs: 41, receivedMs: 41.5, reflected: 2 },
  ])
})

test('answers without all of their times break the stream: none of them is made up', () => {
  const facts = recordedOf({ type: 'answers', stream: 'fast', ...columns, receivedMs: [31.5] })
  expect(facts.at(-1)).toEqual({
    type: 'stream-failed',
    stream: 'fast',
    reason: 'the probe agent on client told 2 answers without all of their times',
  })
})
