import { expect, test } from 'vitest'
import { analyse } from '../analysis/analyse.ts'
import { at, drill } from '../analysis/fixture/drill.ts'
import type { Event } from '../model/event.ts'
import { targetWasMaster } from './target-was-master.ts'

const poll = (sentMs: number, ackedMs: number): Event => ({
  type: 'ha-sample',
  node: 'fw1',
  sentMs,
  ackedMs,
  atMs: ackedMs,
  state: null,
  error: 'connection reset',
})
const judged = (...polls: Event[]) =>
  targetWasMaster.judge(analyse([...drill(), ...polls], 'a'.repeat(64))).map(({ verdict }) => verdict)

test('a poll that the power cut itself broke off says nothing about the time before it', () => {
  expect(judged(poll(at.failover - 20, at.failover + 100))).toEqual(['pass'])
})

test('a node that had already stopped answering was not seen as master', () => {
  expect(judged(poll(at.failover - 200, at.failover - 100))).toEqual(['unknown'])
})
