/**
 * The thread that reads what a reflector answers. It waits in the kernel for each answer and looks at the clock at once, whatever the other threads
 * are busy with; it never ends by itself.
 */
import { readSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { ArrivalRing } from './arrival-ring.mjs'
import { goFirst } from './children.mjs'
import { lightClock } from './clock.mjs'
import { numbersIn } from './udp-payload.mjs'

/** What the network says of earlier probes, instead of an answer; each probe has its own end. Anything else ends the stream. */
const sayings = new Set([
  'ECONNREFUSED',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'EACCES',
  'EPERM',
  'EPROTO',
  'ENOPROTOOPT',
  'EMSGSIZE',
  'EINTR',
])

/** @type {{ fd: number, key: Uint8Array, arrivals: SharedArrayBuffer }} */
// oxlint-disable-next-line typescript/no-unsafe-assignment -- the other thread is the only one who gives it
const { fd, key: keyOf, arrivals: memory } = workerData
const arrivals = new ArrivalRing(memory)
const key = Buffer.from(keyOf)
const answer = Buffer.alloc(2048)
const nowMs = lightClock()
goFirst(0)

for (;;) {
  const length = receive()
  if (length !== null) arrivals.note(nowMs(), numbersIn(answer, length, key))
}

function receive() {
  try {
    return readSync(fd, answer)
  } catch (error) {
    if (error instanceof Error && 'code' in error && sayings.has(String(error.code))) return null
    throw error
  }
}
