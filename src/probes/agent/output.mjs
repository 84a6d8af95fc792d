import { write } from 'node:fs'

const queue = []
let isWriting = false
let whenEmpty = []

/** Writes one JSON line to standard output. Never blocks: a channel that stalls must not stall the probes. */
export function emit(line) {
  queue.push(`${JSON.stringify(line)}\n`)
  if (!isWriting) setImmediate(flush)
  isWriting = true
}

/** Resolves when every line so far has been handed to the channel. */
export const drained = () => new Promise((resolve) => (isWriting ? whenEmpty.push(resolve) : resolve()))

function flush() {
  writeAll(Buffer.from(queue.splice(0).join('')))
}

function writeAll(bytes) {
  write(1, bytes, 0, bytes.length, null, (error, written) => {
    if (error?.code === 'EAGAIN') return setTimeout(writeAll, 2, bytes)
    if (error) process.exit(1) // Nobody reads any more.
    if (written < bytes.length) return writeAll(bytes.subarray(written))
    if (queue.length > 0) return flush()
    isWriting = false
    for (const resolve of whenEmpty.splice(0)) resolve()
  })
}
