import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

const program = fileURLToPath(new URL('udp-reflector.ts', import.meta.url))
const socket = createSocket('udp4')
const came: Buffer[] = []
let reflector: ReturnType<typeof spawn>
let port = 0
let hasAnswered = false

beforeAll(async () => {
  const free = createSocket('udp4').bind(0, '127.0.0.1')
  await once(free, 'listening')
  port = free.address().port
  free.close()
  reflector = spawn(process.execPath, [program, String(port)], { stdio: 'ignore' })
  socket.on('message', (datagram) => {
    hasAnswered = true
    if (!datagram.toString().startsWith('awake')) came.push(datagram)
  })
  await vi.waitFor(
    () => {
      socket.send('awake, reflector?', port, '127.0.0.1')
      if (!hasAnswered) throw new Error('the reflector did not answer')
    },
    { timeout: 10_000 },
  )
})

afterAll(() => {
  socket.close()
  reflector.kill('SIGKILL')
})

test('each stream has its own count of answers, behind the bytes that were sent', async () => {
  came.length = 0
  for (const text of ['stream number 1.one', 'stream number 1.two', 'stream number 2.one']) await say(text)
  await expect.poll(() => came.length).toBe(3)
  expect(came.map((datagram) => [datagram.toString('utf8', 0, 19), datagram.readBigUInt64BE(19)])).toEqual([
    ['stream number 1.one', 1n],
    ['stream number 1.two', 2n],
    ['stream number 2.one', 1n],
  ])
})

test('what is too short to name a stream gets no answer', async () => {
  came.length = 0
  await say('short')
  await say('stream number 3.one')
  await expect.poll(() => came.length).toBe(1)
  expect(came[0]?.toString('utf8', 0, 19)).toBe('stream number 3.one')
})

async function say(text: string): Promise<void> {
  await new Promise((resolve) => socket.send(text, port, '127.0.0.1', resolve))
}
