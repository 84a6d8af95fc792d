/**
 * The thread that sends the probes of all UDP streams, each at its absolute slots, whatever becomes of the answers and of the other thread.
 * It waits in the kernel until shortly before a slot and then looks at the clock. A slot that it is too late for by the definition of a missed one
 * (half an interval, at least 5 ms) is left out; what is a little late goes out with its true time.
 */
import { writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { goFirst } from './children.mjs'
import { lightClock } from './clock.mjs'
import { UdpRing } from './udp-ring.mjs'

/**
 * @typedef {{ fd: number, key: Uint8Array, everyMs: number, payloadBytes: number, ring: SharedArrayBuffer }} Sending
 */

/** The kernel wakes a thread about 0.06 ms after its time (its timer slack): waiting ends that much earlier, ms. */
const spinMs = 0.07
/** So long after the start comes the first slot at the earliest, ms. */
const leadMs = 5
/** A probe that is later than half an interval, and than this, is left out, ms. */
const latestMs = 5

/** @type {{ streams: Sending[], stop: SharedArrayBuffer }} */
// oxlint-disable-next-line typescript/no-unsafe-assignment -- the other thread is the only one who gives it
const { streams, stop } = workerData
const stopped = new Int32Array(stop)
const nowMs = lightClock()
goFirst(0)
const startMs = nowMs() + leadMs
const senders = streams.map(senderOf)
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of a thread has no origin
parentPort?.postMessage(senders.map(({ firstMs }) => firstMs))

for (;;) {
  const next = earliest()
  const waitMs = next.dueMs() - nowMs() - spinMs
  if (waitMs > 0) Atomics.wait(stopped, 0, 0, waitMs)
  if (Atomics.load(stopped, 0) === 1) break
  while (nowMs() < next.dueMs());
  next.send()
}

function earliest() {
  return senders.reduce((first, sender) => (sender.dueMs() < first.dueMs() ? sender : first))
}

/**
 * At a random phase, so that the probes do not lock to anything periodic.
 * @param {Sending} sending
 */
function senderOf({ fd, key, everyMs, payloadBytes, ring: memory }) {
  const ring = new UdpRing(memory)
  const firstMs = startMs + Math.random() * everyMs
  const patienceMs = Math.max(everyMs / 2, latestMs)
  const payload = Buffer.alloc(payloadBytes)
  payload.set(key)
  let seq = 0
  const dueMs = () => firstMs + seq * everyMs
  const send = () => {
    const sentMs = nowMs()
    if (sentMs - dueMs() > patienceMs) seq = Math.ceil((sentMs - firstMs) / everyMs)
    else put(seq++, sentMs)
    ring.advance(seq)
  }
  /**
   * @param {number} number
   * @param {number} sentMs
   */
  const put = (number, sentMs) => {
    payload.writeBigUInt64BE(BigInt(number), key.length)
    ring.note(number, sentMs)
    const errno = errnoOf(fd, payload) && errnoOf(fd, payload) // An ICMP error of an earlier probe is told instead of sending; once.
    if (errno !== 0) ring.noteError(number, errno)
  }
  return { firstMs, dueMs, send }
}

/**
 * @param {number} fd
 * @param {Buffer} payload
 */
function errnoOf(fd, payload) {
  try {
    writeSync(fd, payload)
    return 0
  } catch (error) {
    return error instanceof Error && 'errno' in error ? Number(error.errno) : -1
  }
}
