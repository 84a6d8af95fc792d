/**
 * When fping sent its probes, in wall time. Its slots are absolute (each is the one before plus the interval) and a send
 * is never early, so the earliest start that any probe implies is where the slots begin.
 */
export class FpingSchedule {
  #startMs
  #isSeen = false
  #everyMs
  #timeoutMs

  constructor(guessedStartMs, everyMs, timeoutMs) {
    this.#startMs = guessedStartMs
    this.#everyMs = everyMs
    this.#timeoutMs = timeoutMs
  }

  slotMs(seq) {
    return this.#startMs + seq * this.#everyMs
  }

  /**
   * The send time of a probe from its line. A reply tells it to 0.01 ms where the round trip is short; from 100 ms on, fping prints whole ms only.
   * For a time-out, the send lies between the slot and the line less the time-out, both off by fping's own lateness: the middle of the two.
   */
  sentMs({ seq, atMs, rttMs }) {
    const latest = atMs - (rttMs ?? this.#timeoutMs)
    const isSharp = rttMs === null || rttMs < 100
    if (isSharp) this.#learn(latest - seq * this.#everyMs)
    const slot = this.slotMs(seq)
    if (rttMs === null) return (slot + latest) / 2
    return Math.max(slot, latest)
  }

  #learn(startMs) {
    this.#startMs = this.#isSeen ? Math.min(this.#startMs, startMs) : startMs
    this.#isSeen = true
  }

  /** More than half an interval late, at least 5 ms: the generator's fault, not the network's. */
  isMissed(seq, sentMs) {
    return sentMs - this.slotMs(seq) > Math.max(this.#everyMs / 2, 5)
  }

  /** The last probe whose answer can no longer come, with room for the machine to be slow. */
  lastResolvedBy(wallMs) {
    return Math.floor((wallMs - this.#startMs - this.#timeoutMs - 250) / this.#everyMs) - 1
  }
}
