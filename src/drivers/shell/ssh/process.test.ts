import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { startProcess } from './process.ts'

test('a command on a connection that is known to be gone fails once, however late the connection closes', async () => {
  const exec = (): never => {
    throw new Error('Not connected')
  }
  const client = Object.assign(new EventEmitter(), { exec })
  const listeners = { onOutput: () => {}, onErrorLine: () => {} }
  await expect(startProcess({ client }, 'true', new AbortController().signal, listeners)).rejects.toThrow(
    'Not connected',
  )
  expect(client.listenerCount('close')).toBe(0)
})
