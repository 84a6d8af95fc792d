import { expect, test } from 'vitest'
import { analyse } from '../analysis/analyse.ts'
import { drill } from '../analysis/fixture/drill.ts'
import { judge } from './judge.ts'

test('the headline of a drill without an end names the invariant that did not hold, not what could not be measured for it', () => {
  const torn = drill().filter(({ type }) => type !== 'run-ended')
  expect(judge(analyse(torn, 'a'.repeat(64))).headline).toMatch(/Unknown because the recording is complete: /)
})

test('the headline of a red drill names what failed, without the reason that stands beside it', () => {
  const { headline } = judge(analyse(drill({ held: 'is reset' }), 'a'.repeat(64)))
  expect(headline).toMatch(/Failed because failover\.sessionsAlive of held: 0 /)
  expect(headline).not.toMatch(/\(because/)
})
