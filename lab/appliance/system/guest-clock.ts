import { readFileSync } from 'node:fs'

/** What a clock is made of: the host's monotonic time, and how long this thread has run or waited for a processor. */
export type ClockSource = { monotonicMs: () => number; busyMs: () => number }

const tickMs = 50
const shortestFreezeMs = 250

/**
 * The monotonic clock of a machine that can be suspended: frozen time does not count, so that timers go on where they
 * were, as a guest's do after a resume. A gap in which the thread neither ran nor waited for a processor was a freeze;
 * one in which it waited was a busy host, and counts. Needs a call of `tick` at least every 50 ms.
 */
export class GuestClock {
  readonly #source: ClockSource
  #frozenMs = 0
  #seenMs: number
  #seenBusyMs: number

  constructor(source: ClockSource) {
    this.#source = source
    this.#seenMs = source.monotonicMs()
    this.#seenBusyMs = source.busyMs()
  }

  nowMs(): number {
    const now = this.#source.monotonicMs()
    if (now - this.#seenMs > shortestFreezeMs) this.tick()
    return now - this.#frozenMs
  }

  tick(): void {
    const [now, busy] = [this.#source.monotonicMs(), this.#source.busyMs()]
    const gap = now - this.#seenMs - (busy - this.#seenBusyMs) - tickMs
    if (gap > shortestFreezeMs) this.#frozenMs += gap
    this.#seenMs = now
    this.#seenBusyMs = busy
  }
}

/** Starts the clock of this process. */
export function startGuestClock(): GuestClock {
  const clock = new GuestClock({ monotonicMs: () => performance.now(), busyMs: readBusyMs })
  setInterval(() => clock.tick(), tickMs).unref()
  return clock
}

// Nanoseconds on a processor and in its queue, of the first thread: the one that has the event loop.
function readBusyMs(): number {
  const [running = 0, waiting = 0] = readFileSync('/proc/self/schedstat', 'utf8').split(' ').map(Number)
  return (running + waiting) / 1e6
}
