import { expect, test } from 'vitest'
import { Client } from 'ssh2'
import { startProcess } from './process.ts'

test('a command on a connection that is known to be gone fails once, however late the connection closes', async () => {
  const client = new Client()
  const connection = { client, closed: Promise.resolve(), close: () => {} }
  const listeners = { onOutput: () => {}, onErrorLine: () => {} }
  await expect(startProcess(connection, 'true', new AbortController().signal, listeners)).rejects.toThrow(
    'Not connected',
  )
  expect(client.listenerCount('close')).toBe(0)
})
