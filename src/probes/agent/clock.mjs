/** Milliseconds on the monotonic clock of this machine, to the microsecond. */
export const nowMs = () => Number(process.hrtime.bigint() / 1000n) / 1000

/**
 * A time to the microsecond.
 * @param {number} ms
 */
export const toMicrosecond = (ms) => Math.round(ms * 1000) / 1000
