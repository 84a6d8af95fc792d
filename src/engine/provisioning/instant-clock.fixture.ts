import type { Site } from './site.ts'

/** A clock on which sleeping takes no time at all. */
export function instantClock(): Site['clock'] {
  let nowMs = 0
  return {
    nowMs: () => nowMs,
    sleep: (ms, signal) => {
      nowMs += ms
      return Promise.resolve(signal.throwIfAborted())
    },
  }
}
