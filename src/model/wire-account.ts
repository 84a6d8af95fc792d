import type { Interval } from './interval.ts'

/** Where on its way probes of one stream were lost or waited in one step, as captures along the way show it. */
export interface PathLoss {
  step: string
  stream: string
  from: string
  to: string
  /** The places of captures in the order in which a request passes them; those at the same distance are one. */
  stations: { machines: string[]; network: string }[]
  hops: PathHop[]
  /** Lost probes of the step, and those that no capture can place. */
  lost: number
  unplaced: number
  /** Half-width with which captures on different clocks can be compared, ms; 0 where all are on one. */
  clockBoundMs: number
}

/** A piece of the way, one direction of it. Places are numbers of stations; null is the sender or receiver itself. */
export interface PathHop {
  way: 'request' | 'reply'
  after: number | null
  before: number | null
  /** In words: `seen at client, not at fw2 lan`. */
  words: string
  lost: number
  late: number
  /** When the first and the last of them were sent, ms after the fault. */
  firstMs: number
  lastMs: number
  /** The longest wait of a late one here. */
  longestMs: Interval | null
}

/** One capture as it was kept. `dropped` and `sha256` are null where nobody said. */
export interface CaptureFile {
  point: string
  machine: string
  device: string
  file: string
  catches: string[]
  packets: number | null
  dropped: number | null
  sha256: string | null
}

/** What captures on the lab's wires tell, besides the roles. */
export interface WireAccount {
  captures: CaptureFile[]
  paths: PathLoss[]
}
