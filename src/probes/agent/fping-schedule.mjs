/**
 * When fping sent its probes, in wall time. Its slots are absolute (each is the one before plus the interval) and a send
 * is never early, so the earliest start that any probe implies is where the slots begin.
 */
export class FpingSchedule {
  #startMs
  #isSeen = false
  #everyMs
  #timeoutMs

  /**
   * @param {number} guessedStartMs
   * @param {number} everyMs
   * @param {number} timeoutMs
   */
  constructor(guessedStartMs, everyMs, timeoutMs) {
    this.#startMs = guessedStartMs
    this.#everyMs = everyMs
    this.#timeoutMs = timeoutMs
  }

  /** @param {number} seq */
  slotMs(seq) {
    return this.#startMs + seq * this.#everyMs
  }

  /**
   * The send time of a probe from its line. A reply tells it to 0.01 ms where the round trip is short; from 100 ms on, fping prints whole ms only.
   * For a time-out, the send lies between the slot and the line less the time-out, both off by fping's own lateness: the middle of the two.
   * @param {{ seq: number, atMs: number, rttMs: number | null }} line
   */
  sentMs({ seq, atMs, rttMs }) {
    const latest = atMs - (rttMs ?? this.#timeoutMs)
    const isSharp = rttMs === null || rttMs < 100
    if (isSharp) this.#learn(latest - seq * this.#everyMs)
    const slot = this.slotMs(seq)
    if (rttMs === null) return (slot + latest) / 2
    return Math.max(slot, latest)
  }

  /** @param {number} startMs */
  #learn(startMs) {
    this.#startMs = this.#isSeen ? Math.min(this.#startMs, startMs) : startMs
    this.#isSeen = true
  }

  /**
   * More than half an interval late, at least 5 ms: the generator's fault, not the network's.
   * @param {number} seq
   * @param {number} sentMs
   */
  isMissed(seq, sentMs) {
    return sentMs - this.slotMs(seq) > Math.max(this.#everyMs / 2, 5)
  }

  /**
   * The last probe whose slot has come.
   * @param {number} wallMs
   */
  lastSeqBy(wallMs) {
    return Math.floor((wallMs - this.#startMs) / this.#everyMs)
  }

  /**
   * The last probe that can no longer be answered.
   * @param {number} wallMs
   */
  lastResolvedBy(wallMs) {
    return this.lastSeqBy(wallMs - this.#timeoutMs) - 1
  }
}
