import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../ports/clock.ts'

/** The run's monotonic clock, 0 now. */
export function startClock(): Clock {
  const originNs = process.hrtime.bigint()
  return {
    nowMs: () => Number(process.hrtime.bigint() - originNs) / 1e6,
    async sleep(ms, signal) {
      signal.throwIfAborted()
      await delay(Math.max(0, ms), undefined, { signal }).catch((error: unknown) => {
        signal.throwIfAborted()
        throw error
      })
    },
  }
}
