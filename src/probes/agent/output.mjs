import { write } from 'node:fs'
import { endAgent } from './end.mjs'

/** @type {string[]} */
const queue = []
let isWriting = false

/**
 * Writes one JSON line to standard output. Never blocks: a channel that stalls must not stall the probes.
 * @param {object} line
 */
export function emit(line) {
  queue.push(`${JSON.stringify(line)}\n`)
  if (!isWriting) setImmediate(flush)
  isWriting = true
}

/** Resolves when every line so far has been handed to the channel. */
export async function drained() {
  while (!isIdle()) await new Promise((resolve) => setTimeout(resolve, 1))
}

const isIdle = () => !isWriting

function flush() {
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
