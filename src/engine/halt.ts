import { HarnessError, exitCodes } from '../model/failure.ts'
import type { Clock } from '../ports/clock.ts'

/** Ends a drill early, though nobody interrupted it: a cap or a stop condition. What is broken is healed as on every way out. */
export interface Halt {
  readonly signal: AbortSignal
  /** The first reason counts. */
  because(reason: string): void
  /** Halts after so long, unless the timer is stopped before. */
  after(ms: number, reason: string): { stop(): void }
}

/** A drill's means to be halted; its timers end with `until`. */
export function openHalt(clock: Clock, until: AbortSignal): Halt {
  const halting = new AbortController()
  const because = (reason: string) => halting.abort(new HarnessError(reason, { exitCode: exitCodes.unknown }))
  return {
    signal: halting.signal,
    because,
    after(ms, reason) {
      const stopped = new AbortController()
      void clock.sleep(ms, AbortSignal.any([until, stopped.signal])).then(
        () => because(reason),
        () => {},
      )
      return { stop: () => stopped.abort() }
    },
  }
}
