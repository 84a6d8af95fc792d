import type { Shape } from './shape.ts'

/** Where a band's own values are on the drawing, in pixels. */
export interface Place {
  x: (atMs: number) => number
  y: (value: number) => number
  left: number
  right: number
  top: number
  height: number
}

/** A horizontal strip of the drawing on the common time axis. */
export interface Band {
  heading: string
  caption: string
  heightPx: number
  /** `rtt`: logarithmic milliseconds between two powers of ten. `lanes`: one row per name, the first on top. */
  scale: { kind: 'rtt'; minMs: number; maxMs: number } | { kind: 'lanes'; names: string[] }
  paint: (place: Place) => Shape[]
}

export const laneHeightPx = 22
