import type { EventOf } from '../model/event.ts'
import type { ClockRelation } from './clock-relation.ts'
import { relateClock } from './clock-relation.ts'

/** The latest comparisons say most of now; so many are kept per machine. */
const mostSyncs = 32

/** The clocks of the vantage machines while a run is going on. */
export class LiveClocks {
  readonly #syncs = new Map<string, EventOf<'clock-sync'>[]>()
  readonly #relations = new Map<string, ClockRelation | null>()

  note(sync: EventOf<'clock-sync'>): void {
    const syncs = [...(this.#syncs.get(sync.machine) ?? []), sync].slice(-mostSyncs)
    this.#syncs.set(sync.machine, syncs)
    this.#relations.set(sync.machine, relateClock(syncs))
  }

  /** How a machine's clock relates to the run's; null while they have not been compared. */
  of(machine: string): ClockRelation | null {
    return this.#relations.get(machine) ?? null
  }
}
