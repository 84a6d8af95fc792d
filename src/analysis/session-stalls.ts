import type { Silence } from './session-history.ts'

/** So many silences of a session are listed; of more the longest. */
const most = 100

interface Ended {
  fromMs: number
  toMs: number
}

/** The silences of one session that are longer than a limit. */
export class Stalls {
  readonly #longerMs: number
  #kept: Ended[] = []

  constructor(longerMs: number) {
    this.#longerMs = longerMs
  }

  note(silence: Ended): void {
    if (lengthOf(silence) <= this.#longerMs) return
    this.#kept.push(silence)
    if (this.#kept.length >= 2 * most) this.#kept = longest(this.#kept)
  }

  /** In the order of their time; `last` is the one that never ended. */
  end(last: Silence | null): Silence[] {
    const kept = longest(this.#kept).toSorted((one, other) => one.fromMs - other.fromMs)
    return last === null ? kept : [...kept, last]
  }
}

const lengthOf = ({ fromMs, toMs }: Ended): number => toMs - fromMs
const longest = (all: readonly Ended[]): Ended[] =>
  all.toSorted((one, other) => lengthOf(other) - lengthOf(one)).slice(0, most)
