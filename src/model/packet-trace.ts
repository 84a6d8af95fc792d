/** How a probe counts; reference: measurement definitions, per-probe classification. */
export type ProbeClass = 'ok' | 'late' | 'lost' | 'unsent' | 'missed'

/** How the probes of a packet stream counted, in a step or in the whole run. */
export interface ProbeCounts {
  /** Probes that say something about the network. */
  probes: number
  lost: number
  late: number
  /** What the vantage machine could not send, and slots that it did not use or used too late: no evidence about the network. */
  unsent: number
  missed: number
  /** Answers to what had been answered, and answers that came after one to a later probe: counted, they change nothing. */
  duplicates: number
  reordered: number
  /** Of the lost ones: how many never reached the reflector, and of how many the answer was lost; null where no reflector counts. */
  lostThere: number | null
  lostBack: number | null
}

/** What a packet stream saw in one step, besides its measurements. */
export interface StepCounts extends ProbeCounts {
  step: string
  /** Whether the traffic came and went again before it recovered for good. */
  isFlapping: boolean
  /** Where answers came buffered or late, so that counting losses says less than there was: the silence between two answers, ms. */
  bufferedMs: number | null
}

/** One packet probe on the run's clock. `rttMs` null: no answer. */
export interface ClassifiedProbe {
  seq: number
  atMs: number
  rttMs: number | null
  class: ProbeClass
}

/** A maximal run of impaired probes of one stream, as a bracket: the outage lay in (`lowMs`, `highMs`). */
export interface OutageWindow {
  firstMs: number
  lastMs: number
  /** The last good send before and the first good send after; null where the recording has none. */
  goodBeforeMs: number | null
  goodAfterMs: number | null
  lowMs: number
  highMs: number | null
  impaired: number
  lost: number
}

/** How a packet stream's probes counted, and how well they were sent; all absent where the stream is one of sessions. */
export interface PacketAccount {
  /** Windows that are counted and not listed. */
  moreWindows?: number
  /** Over the whole run. `stale`: answers that belong to another stream or run. */
  counts?: ProbeCounts & { stale: number }
  steps?: StepCounts[]
  /** How long after their slots the probes were sent; absent where the recording does not name the slots. */
  latenessMs?: { p50: number; p99: number; max: number }
}
