/**
 * The process of one UDP stream, whose socket is its standard input: one thread sends, one receives, this one tells what became of the probes, by
 * messages to the agent. A process, because only what a program inherits as its standard input is a socket that one can wait for in the kernel:
 * for each answer that costs a tenth of what an event loop does. The agent ends it.
 */
import { Worker } from 'node:worker_threads'
import { AnswerRows } from './answer-rows.mjs'
import { ArrivalRing } from './arrival-ring.mjs'
import { lightClock } from './clock.mjs'
import { UdpAnswers } from './udp-answers.mjs'
import { UdpRing } from './udp-ring.mjs'

const fd = 0
/** How often what came is told, and probes whose time is up are looked for, ms. */
const tellEveryMs = 250
/** For so long this thread may stall without losing what the others told, ms. */
const memoryMs = 8000

/** @type {{ name: string, everyMs: number, timeoutMs: number, key: string }} */
// oxlint-disable-next-line typescript/no-unsafe-assignment -- the agent is the only one who gives it
const { name, everyMs, timeoutMs, key: hexKey } = JSON.parse(process.argv[2] ?? '')
const key = Buffer.from(hexKey, 'hex')
const nowMs = lightClock()
const places = Math.ceil((timeoutMs + memoryMs) / everyMs) + 2
const sent = UdpRing.allocate(places)
const arrived = ArrivalRing.allocate(2 * places + 1000)
const stop = new SharedArrayBuffer(4)
const ring = new UdpRing(sent)
const arrivals = new ArrivalRing(arrived)
const rows = new AnswerRows(name, tell)
/** @type {UdpAnswers | null} */
let answers = null
let isStopping = false

process.on('message', () => stopSending())
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL')) // The agent is gone; the receiving thread waits for ever.
new Worker(new URL('./udp-receiver.mjs', import.meta.url), { workerData: { fd, key, arrivals: arrived } }).on(
  'error',
  fail,
)
new Worker(new URL('./udp-sender.mjs', import.meta.url), { workerData: { fd, key, everyMs, sent, stop } })
  .on('error', fail)
  .on('message', begin)
setInterval(tellAll, tellEveryMs)

/** @param {number} firstMs */
function begin(firstMs) {
  answers = new UdpAnswers(ring, { firstMs, everyMs, timeoutMs })
  tell({ type: 'stream-opened', stream: name, settings: {} })
}

function tellAll() {
  if (answers === null) return
  try {
    for (const { seq, reflected, receivedMs } of arrivals.take())
      rows.add(seq === -1 ? { type: 'stale-answer', receivedMs } : answers.answer(seq, reflected, receivedMs))
  } catch (error) {
    fail(error)
  }
  for (const fact of answers.expire(nowMs())) rows.add(fact)
  rows.flush()
  if (isStopping && answers.isSettled) tell({ type: 'settled' })
}

function stopSending() {
  isStopping = true
  Atomics.store(new Int32Array(stop), 0, 1)
  Atomics.notify(new Int32Array(stop), 0)
}

/** @param {unknown} error */
function fail(error) {
  tell({ type: 'stream-failed', stream: name, reason: error instanceof Error ? error.message : String(error) })
}

/** @param {object} line */
function tell(line) {
  process.send?.(line)
}
