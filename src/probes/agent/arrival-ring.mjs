/** @typedef {{ receivedMs: number, seq: number, reflected: number }} Arrival `seq` -1: an answer that is not to this stream */

const columns = 3

/** What the receiving thread tells, in memory that both threads see. */
export class ArrivalRing {
  /**
   * @param {number} places
   */
  static allocate(places) {
    return new SharedArrayBuffer(8 + places * columns * 8)
  }

  #head
  #cells
  #places
  #taken = 0

  /** @param {SharedArrayBuffer} memory */
  constructor(memory) {
    this.#head = new Uint32Array(memory, 0, 1)
    this.#cells = new Float64Array(memory, 8)
    this.#places = this.#cells.length / columns
  }

  /**
   * @param {number} receivedMs
   * @param {{ seq: number, reflected: number } | null} numbers
   */
  note(receivedMs, numbers) {
    const head = Atomics.load(this.#head, 0)
    const place = (head % this.#places) * columns
    this.#cells[place] = receivedMs
    this.#cells[place + 1] = numbers?.seq ?? -1
    this.#cells[place + 2] = numbers?.reflected ?? 0
    Atomics.store(this.#head, 0, head + 1)
  }

  /**
   * What has arrived since the last time, in order.
   * @returns {Arrival[]}
   * @throws {Error} where more has come than there are places for
   */
  take() {
    const [from, head] = [this.#taken, Atomics.load(this.#head, 0)]
    if (head - from >= this.#places) throw new Error('answers came faster than they could be told')
    this.#taken = head
    return Array.from({ length: head - from }, (_, index) => this.#at((from + index) % this.#places))
  }

  /**
   * @param {number} place
   * @returns {Arrival}
   */
  #at(place) {
    const [receivedMs = 0, seq = -1, reflected = 0] = this.#cells.subarray(place * columns, (place + 1) * columns)
    return { receivedMs, seq, reflected }
  }
}
