import type { ProbeCounts } from '../model/packet-trace.ts'
import type { Probe } from './probes.ts'

/** Where lost probes are counted: in the whole run, and in the step in which they were sent. */
export type Tallies = readonly ProbeCounts[]

/**
 * On which way probes were lost. The reflector numbers what reaches it: of the lost probes between two answered ones, those that it
 * counted were lost on the way back, the others on the way there. What no later answer tells of stays open.
 */
export class LossDirection {
  #counted = 0
  /** What was lost since the last answer, by where it is counted. */
  #lost: { tallies: Tallies; count: number }[] = []

  /** Takes the next probe that left the machine (or that nobody would take), in the order of sending. */
  note(probe: Probe, tallies: Tallies): void {
    if (probe.reflected !== null) return this.#answered(probe.reflected, tallies)
    if (probe.arrivalMs !== null) return
    const last = this.#lost.at(-1)
    if (last !== undefined && last.tallies.every((tally, index) => tally === tallies[index])) last.count += 1
    else this.#lost.push({ tallies, count: 1 })
  }

  /** Losses of both ways that fall into two steps cannot be told apart. */
  #answered(counted: number, tallies: Tallies): void {
    const lost = this.#lost.reduce((total, { count }) => total + count, 0)
    const back = Math.min(Math.max(0, counted - this.#counted - 1), lost)
    const isKnown = counted > this.#counted && (this.#lost.length === 1 || back === 0 || back === lost)
    for (const tally of tallies) add(tally, 0, 0)
    for (const { tallies: own, count } of isKnown ? this.#lost : []) {
      const returning = this.#lost.length === 1 ? back : back === 0 ? 0 : count
      for (const tally of own) add(tally, count - returning, returning)
    }
    this.#counted = counted
    this.#lost = []
  }
}

/** Probes that were no evidence are among those between two answers, but not among the lost. */
function add(tally: ProbeCounts, there: number, back: number): void {
  tally.lostThere = Math.min(tally.lost, (tally.lostThere ?? 0) + there)
  tally.lostBack = Math.min(tally.lost - tally.lostThere, (tally.lostBack ?? 0) + back)
}
