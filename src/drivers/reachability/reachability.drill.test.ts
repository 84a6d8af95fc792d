import { expect, test } from 'vitest'
import { pingHost } from './reachability.ts'

test('this machine answers its own ping', async () => {
  expect(await pingHost('127.0.0.1', 1000)).toBeGreaterThanOrEqual(0)
})

test('a name that is none is no answer', async () => {
  expect(await pingHost('no-such-host.invalid', 1000)).toBeNull()
})
