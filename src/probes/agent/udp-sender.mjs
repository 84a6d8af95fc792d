/**
 * The thread that sends the probes of a UDP stream at their absolute slots, whatever becomes of the answers and of the other threads.
 * It waits in the kernel until shortly before a slot and then looks at the clock. A slot that it is too late for by the definition of a missed one
 * (half an interval, at least 5 ms) is left out; what is a little late goes out with its true time.
 */
import { writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { goFirst } from './children.mjs'
import { lightClock } from './clock.mjs'
import { wakeOnTime } from './timer-slack.mjs'
import { payloadOf, setNumber } from './udp-payload.mjs'
import { UdpRing } from './udp-ring.mjs'

/**
 * A thread wakes a little after its time: waiting ends that much earlier, ms. The longer a processor has slept, the longer it takes to wake, and
 * the colder are its caches: a thousandth of the wait is added, or all that a long one may take.
 */
const wakingMs = wakeOnTime() ? 0.03 : 0.07
const coldShare = 1 / 1000
const long = { waitMs: 50, wakingMs: 0.5 }
/** So long after the start comes the first slot at the earliest, ms. */
const leadMs = 5
/** A probe that is later than half an interval, and than this, is left out, ms. */
const latestMs = 5

/** @type {{ fd: number, key: Uint8Array, everyMs: number, sent: SharedArrayBuffer, stop: SharedArrayBuffer }} */
// oxlint-disable-next-line typescript/no-unsafe-assignment -- the other thread is the only one who gives it
const { fd, key, everyMs, sent, stop } = workerData
const stopped = new Int32Array(stop)
const ring = new UdpRing(sent)
const payload = payloadOf(Buffer.from(key))
const patienceMs = Math.max(everyMs / 2, latestMs)
const nowMs = lightClock()
goFirst(0)
/** At a random phase, so that the probes do not lock to anything periodic. */
const firstMs = nowMs() + leadMs + Math.random() * everyMs
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of a thread has no origin
parentPort?.postMessage(firstMs)

for (let seq = 0; ;) {
  const dueMs = firstMs + seq * everyMs
  const aheadMs = dueMs - nowMs()
  const waitMs = aheadMs - (aheadMs > long.waitMs ? long.wakingMs : wakingMs + aheadMs * coldShare)
  if (waitMs > 0) Atomics.wait(stopped, 0, 0, waitMs)
  if (Atomics.load(stopped, 0) === 1) break
  while (nowMs() < dueMs);
  const sentMs = nowMs()
  if (sentMs - dueMs > patienceMs) seq = Math.ceil((sentMs - firstMs) / everyMs)
  else put(seq++, sentMs)
  ring.advance(seq)
}

/**
 * @param {number} seq
 * @param {number} sentMs
 */
function put(seq, sentMs) {
  setNumber(payload, seq)
  ring.note(seq, sentMs)
  const errno = errnoOf() && errnoOf() // An ICMP error of an earlier probe is told instead of sending; once.
  if (errno !== 0) ring.noteError(seq, errno)
}

function errnoOf() {
  try {
    writeSync(fd, payload)
    return 0
  } catch (error) {
    return error instanceof Error && 'errno' in error ? Number(error.errno) : -1
  }
}
