import { expect, test } from 'vitest'
import { analyse } from '../analysis/analyse.ts'
import { at, drill, inOrder } from '../analysis/fixture/drill.ts'
import type { Event } from '../model/event.ts'
import { cleanBefore } from './clean-before.ts'

const clientAheadMs = 500_000
const closed = (atMs: number): Event => ({
  type: 'session-closed',
  atMs,
  stream: 'held',
  session: 1,
  closedMs: atMs + clientAheadMs,
  cause: 'ECONNRESET',
})
const judged = (atMs: number) => cleanBefore.judge(analyse(inOrder([...drill(), closed(atMs)]), 'sha'))

test('a session that is reset before the first fault makes the lab suspect', () => {
  expect(judged(at.failover - 3000)).toEqual([
    {
      verdict: 'unknown',
      message:
        '1 of 1 session of held ended before the first fault (session 1: ECONNRESET), expected less than 0.001 %: the lab or its path is sick',
    },
  ])
})

test('one that is reset by the fault does not', () => {
  expect(judged(at.cut + 3000)).toMatchObject([{ verdict: 'pass' }])
})
