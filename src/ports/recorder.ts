import type { Event, Fact } from '../model/event.ts'

/** Appends facts to the recording as they happen, and shows them to whoever follows the run. */
export interface Recorder {
  record(fact: Fact): Event
  /** All events so far, oldest first. */
  readonly events: readonly Event[]
}
