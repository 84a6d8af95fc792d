import { write } from 'node:fs'
import { endAgent } from './end.mjs'

/** So much waits for a channel that stalls, characters; what comes then is counted and lost. */
const mostWaiting = 64 * 1024 * 1024

/** @type {string[]} */
const queue = []
let waiting = 0
let lost = 0
let isWriting = false
/** @type {NodeJS.Timeout | undefined} */
let batch

/** Lines wait so long for others to go with them, ms. */
const batchMs = 20

/**
 * Writes one JSON line at once, and all that wait before it.
 * @param {object} line
 */
export function emitNow(line) {
  emit(line)
  if (!isWriting) flush()
}

/**
 * Writes one JSON line to standard output. Never blocks: a channel that stalls must not stall the probes. Nor does it fill the memory: where too
 * much waits, lines are lost, and the first line after that says how many.
 * @param {object} line
 */
export function emit(line) {
  if (waiting > mostWaiting) {
    lost += 1
    return
  }
  if (lost > 0) put({ type: 'lines-lost', lines: lost })
  lost = 0
  put(line)
}

/** @param {object} line */
function put(line) {
  const text = `${JSON.stringify(line)}\n`
  waiting += text.length
  queue.push(text)
  if (!isWriting) batch ??= setTimeout(flush, batchMs)
}

/** Resolves when every line so far has been handed to the channel. */
export async function drained() {
  while (!isIdle()) await new Promise((resolve) => setTimeout(resolve, 1))
}

const isIdle = () => !isWriting && queue.length === 0

function flush() {
  clearTimeout(batch)
  batch = undefined
  isWriting = true
  waiting = 0
  writeAll(Buffer.from(queue.splice(0).join('')))
}

/** @param {Buffer} bytes */
function writeAll(bytes) {
  write(1, bytes, 0, bytes.length, null, (error, written) => {
    if (error?.code === 'EAGAIN') return void setTimeout(writeAll, 2, bytes)
    if (error) return endAgent(1) // Nobody reads any more.
    if (written < bytes.length) return writeAll(bytes.subarray(written))
    if (queue.length > 0) return flush()
    isWriting = false
  })
}
