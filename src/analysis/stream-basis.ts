import type { EventOf } from '../model/event.ts'
import type { ClockRelation } from './clock-relation.ts'
import type { Delays } from './outage.ts'

/** What the probes or sessions of a stream are judged by. `unusable` says why nothing can be measured on it. */
export interface StreamBasis {
  opened: EventOf<'stream-opened'>
  clock: ClockRelation
  thetaMs: number
  /** The delays of clean traffic; 0 where there was none. */
  delays: Delays
  failure: { atMs: number; reason: string } | null
  unusable: string | null
}
