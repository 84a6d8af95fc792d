import type { EventOf } from '../model/event.ts'
import type { Sighting } from './probes.ts'

/** What a row holds, in this order; NaN where there is nothing. */
const columns = ['seq', 'sentMs', 'receivedMs', 'dueMs', 'reflected', 'atMs', 'laterMs', 'duplicates'] as const
type Column = (typeof columns)[number]
const width = columns.length
const place = (column: Column): number => columns.indexOf(column)
const [seqAt, sentAt, laterAt, duplicatesAt] = [place('seq'), place('sentMs'), place('laterMs'), place('duplicates')]

type Words = Pick<EventOf<'probe'>, 'error' | 'cause'>

/**
 * Probes of one stream in the order of their sending, as rows of plain numbers: as objects, what lives for some seconds at a thousand
 * probes a second would make the collector keep hundreds of megabytes.
 */
export class HeldProbes {
  readonly #stream: string
  #rows = new Float64Array(width * 1024)
  #head = 0
  #tail = 0
  readonly #seqs = new Set<number>()
  readonly #words = new Map<number, Words>()

  constructor(stream: string) {
    this.#stream = stream
  }

  has(seq: number): boolean {
    return this.#seqs.has(seq)
  }

  /** When the first one was sent; `Infinity` where there is none. */
  get firstMs(): number {
    return this.#head === this.#tail ? Infinity : this.#get(this.#head, sentAt)
  }

  add({ seq, sentMs, receivedMs, dueMs, reflected, atMs, error, cause }: EventOf<'probe'>): void {
    this.#makeRoom()
    let at = this.#tail
    while (at > this.#head && this.#get(at - 1, sentAt) > sentMs) at -= 1
    this.#rows.copyWithin((at + 1) * width, at * width, this.#tail * width)
    this.#tail += 1
    this.#rows.set([seq, sentMs, receivedMs ?? NaN, dueMs ?? NaN, reflected ?? NaN, atMs, NaN, 0], at * width)
    this.#seqs.add(seq)
    if (error === undefined && cause === undefined) return
    this.#words.set(seq, { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) })
  }

  /** Notes an answer after the first, or after the probe's time was up. */
  answeredAgain(seq: number, receivedMs: number): void {
    for (let row = this.#tail - 1; row >= this.#head; row -= 1) {
      if (this.#get(row, seqAt) !== seq) continue
      const laterMs = this.#get(row, laterAt)
      if (!Number.isNaN(this.#get(row, place('receivedMs'))))
        this.#rows[row * width + duplicatesAt] = this.#get(row, duplicatesAt) + 1
      else this.#rows[row * width + laterAt] = Number.isNaN(laterMs) ? receivedMs : Math.min(laterMs, receivedMs)
      return
    }
  }

  /** Takes out the first one; null where there is none. */
  shift(): Sighting | null {
    if (this.#head === this.#tail) return null
    const row = this.#head
    this.#head += 1
    const of = (column: Column) => this.#get(row, place(column))
    const [seq, receivedMs, dueMs, reflected, laterMs] = [
      of('seq'),
      of('receivedMs'),
      of('dueMs'),
      of('reflected'),
      of('laterMs'),
    ]
    const words = this.#words.get(seq)
    this.#seqs.delete(seq)
    this.#words.delete(seq)
    const event: EventOf<'probe'> = {
      type: 'probe',
      atMs: of('atMs'),
      stream: this.#stream,
      seq,
      sentMs: of('sentMs'),
      receivedMs: Number.isNaN(receivedMs) ? null : receivedMs,
      ...(Number.isNaN(dueMs) ? {} : { dueMs }),
      ...(Number.isNaN(reflected) ? {} : { reflected }),
      ...words,
    }
    return { event, laterMs: Number.isNaN(laterMs) ? null : laterMs, duplicates: of('duplicates') }
  }

  #get(row: number, column: number): number {
    return this.#rows[row * width + column] ?? NaN
  }

  #makeRoom(): void {
    if ((this.#tail + 1) * width <= this.#rows.length) return
    const held = this.#rows.subarray(this.#head * width, this.#tail * width)
    const isFull = held.length * 2 > this.#rows.length
    const rows = isFull ? new Float64Array(this.#rows.length * 2) : this.#rows
    if (isFull) rows.set(held)
    else rows.copyWithin(0, this.#head * width, this.#tail * width)
    this.#rows = rows
    this.#tail -= this.#head
    this.#head = 0
  }
}
