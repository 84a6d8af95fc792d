/** Milliseconds on the monotonic clock of this machine, to the microsecond. */
export const nowMs = () => Number(process.hrtime.bigint() / 1000n) / 1000

/**
 * The same clock for a thread that looks at it all the time: without a number of any size for each look, it makes no garbage.
 * @returns {() => number}
 */
export function lightClock() {
  const looks = Array.from({ length: 10 }, () => {
    const before = nowMs()
    const light = performance.now()
    return { aheadMs: before - light, widthMs: nowMs() - before }
  })
  const best = looks.reduce((one, other) => (other.widthMs < one.widthMs ? other : one))
  return () => performance.now() + best.aheadMs
}

/**
 * A time to the microsecond.
 * @param {number} ms
 */
export const toMicrosecond = (ms) => Math.round(ms * 1000) / 1000
