import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'

const chunkBytes = 1 << 15
/** A line longer than this is no fact; what it says is not read. */
const longestLine = 64 << 20
const newline = 10

/** The lines of a file, in chunks, so that a file of any length is read in constant space; and the digest of its bytes at the end. */
export function* linesOf(path: string): Generator<string | null, string> {
  const file = openSync(path, 'r')
  try {
    const hash = createHash('sha256')
    const lines = new LineSplitter()
    const chunk = Buffer.allocUnsafe(chunkBytes)
    for (;;) {
      const bytes = chunk.subarray(0, readSync(file, chunk, 0, chunkBytes, null))
      if (bytes.length === 0) break
      hash.update(bytes)
      yield* lines.split(bytes)
    }
    yield* lines.rest()
    return hash.digest('hex')
  } finally {
    closeSync(file)
  }
}

/** Cuts bytes into lines without their ends; a line too long to be one is null. Empty lines are none. */
class LineSplitter {
  #begun: Buffer[] = []
  #length = 0
  #isTooLong = false

  split(bytes: Buffer): (string | null)[] {
    const [first, last] = [bytes.indexOf(newline), bytes.lastIndexOf(newline)]
    if (first < 0) {
      this.#keep(bytes)
      return []
    }
    this.#keep(bytes.subarray(0, first))
    const lines = this.rest()
    const whole = bytes.toString('utf8', first + 1, Math.max(first + 1, last)).split('\n')
    this.#keep(bytes.subarray(last + 1))
    return [...lines, ...whole.filter((line) => line !== '')]
  }

  /** The line that has begun, as far as it goes. */
  rest(): (string | null)[] {
    const line = this.#isTooLong ? null : Buffer.concat(this.#begun).toString('utf8')
    this.#begun = []
    this.#length = 0
    this.#isTooLong = false
    return line === '' ? [] : [line]
  }

  #keep(bytes: Buffer): void {
    this.#length += bytes.length
    if (this.#length > longestLine) this.#isTooLong = true
    if (this.#isTooLong) this.#begun = []
    else if (bytes.length > 0) this.#begun.push(Buffer.from(bytes))
  }
}
