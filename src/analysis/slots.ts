import type { Probe } from './probes.ts'
import type { ObservedStep } from './steps.ts'

/** A part of the run in which probes are judged, and how many of its slots the stream used. */
export interface JudgedPart {
  name: string
  fromMs: number
  toMs: number
  used: number
  missed: number
  unsent: number
}

/** The clean traffic before the first step (where there was any), and each step. */
export function partsOf(cleanFromMs: number | null, steps: readonly ObservedStep[]): JudgedPart[] {
  const [first] = steps
  const clean =
    cleanFromMs === null || first === undefined
      ? []
      : [{ name: 'the clean traffic', fromMs: cleanFromMs, toMs: first.startMs }]
  const observed = steps.map(({ name, startMs, observedUntilMs }) => ({ name, fromMs: startMs, toMs: observedUntilMs }))
  return [...clean, ...observed].map((part) => ({ ...part, used: 0, missed: 0, unsent: 0 }))
}

/** Keeps the account of one stream's slots, probe by probe in the order of their sending. */
export class SlotLedger {
  readonly parts: JudgedPart[]
  readonly #everyMs: number
  /** The probe with the highest number so far. */
  #latest: Probe | null = null

  constructor(parts: JudgedPart[], everyMs: number) {
    this.parts = parts
    this.#everyMs = everyMs
  }

  /** Takes the next probe. Numbers that never came before it are slots that were not used: returned, where there are any. */
  note(probe: Probe): SkippedSlots | null {
    const part = this.parts.find(({ fromMs, toMs }) => probe.runMs >= fromMs && probe.runMs < toMs)
    if (part !== undefined) part[probe.isEvidence ? 'used' : probe.class === 'missed' ? 'missed' : 'unsent'] += 1
    const before = this.#latest
    if (before !== null && probe.seq < before.seq) return null
    this.#latest = probe
    const count = before === null ? 0 : probe.seq - before.seq - 1
    if (before === null || count <= 0) return null
    const skipped = { seq: before.seq, afterMs: before.runMs - (before.latenessMs ?? 0), everyMs: this.#everyMs, count }
    for (const one of this.parts) one.missed += slotsWithin(one, skipped)
    return skipped
  }
}

/** Slots in a row that were not used: `count` of them after the one with number `seq`, one every `everyMs`. */
export interface SkippedSlots {
  seq: number
  afterMs: number
  everyMs: number
  count: number
}

/** How many of some slots lie in a stretch of time. */
export function slotsWithin(
  { fromMs, toMs }: Pick<JudgedPart, 'fromMs' | 'toMs'>,
  { afterMs, everyMs, count }: SkippedSlots,
): number {
  const first = Math.max(1, Math.ceil((fromMs - afterMs) / everyMs))
  const last = Math.min(count, Math.ceil((toMs - afterMs) / everyMs) - 1)
  return Math.max(0, last - first + 1)
}
