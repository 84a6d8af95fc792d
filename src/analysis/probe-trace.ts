import type { ClassifiedProbe } from '../model/packet-trace.ts'

/** Probes this near to an impaired one, or to what a step did, are kept one by one, ms. */
const nearMs = 3000
/** So many of them, and so many of the others. */
const mostNear = 30_000
const mostOthers = 20_000
/** So many impaired ones are listed, whatever is drawn. */
const mostImpaired = 100_000

/**
 * The probes that a drawing can show of a stream of any length, taken in the order of sending. A short stream is kept whole. Of a long one
 * those near an impaired one are, and of the others the quickest and the slowest of every few.
 */
export class ProbeTrace {
  /** The lost and late ones, the first of many. */
  readonly impaired: ClassifiedProbe[] = []
  readonly #instantsMs: readonly number[]
  #near: ClassifiedProbe[] = []
  #nearUntilMs = -Infinity
  #recent: ClassifiedProbe[] = []
  #head = 0
  readonly #others = new Outline()

  /** `instantsMs`: when the steps acted. */
  constructor(instantsMs: readonly number[]) {
    this.#instantsMs = instantsMs
  }

  note(probe: ClassifiedProbe): void {
    const isImpaired = probe.class === 'lost' || probe.class === 'late'
    if (isImpaired && this.impaired.length < mostImpaired) this.impaired.push(probe)
    if (this.#near.length >= mostNear) return this.#others.add(probe)
    if (probe.class !== 'ok') {
      this.#near.push(...this.#recent.slice(this.#head), probe)
      this.#forget()
      this.#nearUntilMs = probe.atMs + nearMs
    } else if (probe.atMs <= this.#nearUntilMs || this.#isNearStep(probe.atMs)) this.#near.push(probe)
    else this.#keep(probe)
  }

  end(): ClassifiedProbe[] {
    for (const probe of this.#recent.slice(this.#head)) this.#others.add(probe)
    return [...this.#near, ...this.#others.end()].toSorted((one, other) => one.atMs - other.atMs)
  }

  #isNearStep(atMs: number): boolean {
    return this.#instantsMs.some((instantMs) => Math.abs(instantMs - atMs) <= nearMs)
  }

  #keep(probe: ClassifiedProbe): void {
    this.#recent.push(probe)
    for (let first = this.#recent[this.#head]; first !== undefined; first = this.#recent[this.#head]) {
      if (first.atMs >= probe.atMs - nearMs) break
      this.#others.add(first)
      this.#head += 1
    }
    if (this.#head * 2 > this.#recent.length) {
      this.#recent.splice(0, this.#head)
      this.#head = 0
    }
  }

  #forget(): void {
    this.#recent = []
    this.#head = 0
  }
}

/** Any number of probes as an outline: of every few in a row the quickest and the slowest. */
class Outline {
  #kept: ClassifiedProbe[] = []
  #group: ClassifiedProbe[] = []
  #perGroup = 2

  add(probe: ClassifiedProbe): void {
    this.#group.push(probe)
    if (this.#group.length < this.#perGroup) return
    this.#kept.push(...extremesOf(this.#group))
    this.#group = []
    if (this.#kept.length < mostOthers) return
    this.#perGroup *= 2
    const kept = this.#kept
    this.#kept = kept.flatMap((_, index) => (index % 4 === 0 ? extremesOf(kept.slice(index, index + 4)) : []))
  }

  end(): ClassifiedProbe[] {
    return [...this.#kept, ...extremesOf(this.#group)]
  }
}

function extremesOf(group: readonly ClassifiedProbe[]): ClassifiedProbe[] {
  const byDelay = group.toSorted((one, other) => delayOf(one) - delayOf(other))
  const [quickest, slowest] = [byDelay[0], byDelay.at(-1)]
  return group.filter((probe) => probe === quickest || probe === slowest)
}

const delayOf = ({ rttMs }: ClassifiedProbe): number => rttMs ?? Number.MAX_VALUE
