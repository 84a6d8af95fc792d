/** Milliseconds on the monotonic clock of this machine, to the microsecond. */
export const nowMs = () => Number(process.hrtime.bigint() / 1000n) / 1000

/** To the microsecond. */
export const toMicrosecond = (ms) => Math.round(ms * 1000) / 1000
