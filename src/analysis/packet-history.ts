import type { ClassifiedProbe, ProbeCounts } from '../model/packet-trace.ts'
import type { StreamTrace } from '../model/result.ts'
import type { Window } from './outage.ts'
import type { JudgedPart } from './slots.ts'
import type { StepTraffic } from './step-traffic.ts'
import { noCounts } from './step-traffic.ts'

/** A packet stream of any length, folded. */
export interface PacketHistory {
  counts: ProbeCounts & { stale: number }
  /** What it saw in each step, in the order of the steps. */
  traffic: StepTraffic[]
  parts: JudgedPart[]
  /** The clean traffic, up to the last probe that must have been answered before the first fault. */
  clean: { probes: number; impaired: number }
  windows: Window[]
  moreWindows: number
  probes: ClassifiedProbe[]
  /** The lost and late ones, the first 100,000. */
  impaired: readonly ClassifiedProbe[]
  latenessMs: NonNullable<StreamTrace['latenessMs']> | null
  /** The widest half-width with which an instant is known on the run's clock, ms. */
  clockBoundMs: number
  /** Probes that were recorded so late that their place in the order of sending was gone. */
  disordered: number
}

/** Nothing yet; `parts` are the stretches whose slots will be counted. */
export const emptyHistory = (parts: JudgedPart[]): PacketHistory => ({
  counts: { ...noCounts(), stale: 0 },
  traffic: [],
  parts,
  clean: { probes: 0, impaired: 0 },
  windows: [],
  moreWindows: 0,
  probes: [],
  impaired: [],
  latenessMs: null,
  clockBoundMs: 0,
  disordered: 0,
})
