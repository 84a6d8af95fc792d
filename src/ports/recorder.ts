import type { Event, Fact } from '../model/event.ts'

/** Appends facts to the recording as they happen, and shows them to whoever follows the run. */
export interface Recorder {
  record(fact: Fact): Event
  /** The events so far, oldest first, without those that come in bulk; of repeated samples the latest minutes at least. */
  readonly events: readonly Event[]
}
