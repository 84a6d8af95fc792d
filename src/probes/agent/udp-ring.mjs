/**
 * What the sending thread tells of its probes, in memory that both threads see: for each slot of late the number of its probe, when it was
 * sent, and how the send failed. A place that holds another number is a slot that was not used.
 */
export class UdpRing {
  /**
   * @param {number} places
   */
  static allocate(places) {
    return new SharedArrayBuffer(8 + places * 24)
  }

  #head
  #seqs
  #sentMs
  #errnos

  /** @param {SharedArrayBuffer} memory */
  constructor(memory) {
    const places = (memory.byteLength - 8) / 24
    this.#head = new Uint32Array(memory, 0, 1)
    this.#seqs = new Float64Array(memory, 8, places)
    this.#sentMs = new Float64Array(memory, 8 + places * 8, places)
    this.#errnos = new Float64Array(memory, 8 + places * 16, places)
  }

  get places() {
    return this.#seqs.length
  }

  /** Every slot below has had its chance. 32 bits are 49 days of one probe per ms. */
  get head() {
    return Atomics.load(this.#head, 0)
  }

  /**
   * Notes a probe just before it goes out, so that its answer never overtakes it.
   * @param {number} seq
   * @param {number} sentMs
   */
  note(seq, sentMs) {
    const place = (seq + 1) % this.places
    this.#errnos[place] = 0
    this.#sentMs[place] = sentMs
    this.#seqs[place] = seq + 1
  }

  /**
   * @param {number} seq
   * @param {number} errno
   */
  noteError(seq, errno) {
    this.#errnos[(seq + 1) % this.places] = errno
  }

  /** @param {number} head */
  advance(head) {
    Atomics.store(this.#head, 0, head)
  }

  /**
   * When a probe was sent; null where its slot was not used. `errno` 0: it went out.
   * @param {number} seq
   * @returns {{ sentMs: number, errno: number } | null}
   */
  read(seq) {
    const place = (seq + 1) % this.places
    if (this.#seqs[place] !== seq + 1) return null
    return { sentMs: this.#sentMs[place] ?? 0, errno: this.#errnos[place] ?? 0 }
  }
}
