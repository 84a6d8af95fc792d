import type { Interval } from './interval.ts'

/** One change of master as the wire and the logs tell it: the old master's last advertisement before the new one's first. */
export interface CarpTakeover {
  step: string
  vhid: number
  from: string
  to: string
  lastAdvertMs: Interval | null
  firstAdvertMs: Interval | null
  /** The kernel's own words for it; null where no log was read. */
  reason: string | null
}

/** When CARP's timers let the pair take over in one step, on the run's clock; `due`: in this very trial. */
export interface TakeoverWindow {
  step: string
  limit: Interval
  due: Interval | null
}

/** CARP's own part in a takeover, ms after the fault; reference: CARP timing theory, `ip_carp.c`. */
export interface TakeoverExplanation {
  /** What the configuration allows, whatever the phase. */
  limit: Interval
  /** When the backup's timer had to fire in this trial; null where the last advertisement was not captured. */
  due: Interval | null
  /** How much of the takeover was CARP's waiting, 0 to 1. */
  share: number | null
  /** Whether the takeover came when it was due, within 20 ms of ticks and one probe interval. */
  isExplained: boolean | null
}
