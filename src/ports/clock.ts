/** The harness's monotonic clock. `nowMs` is 0 at the start of the run and never stepped. */
export interface Clock {
  nowMs(): number
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}
