import type { Event, EventOf, EventType } from '../model/event.ts'

/** The events of a recording, and the ones of a type in the order in which they were recorded. */
export interface Facts {
  readonly events: readonly Event[]
  of<T extends EventType>(type: T): EventOf<T>[]
}

export const factsOf = (events: readonly Event[]): Facts => ({
  events,
  of: <T extends EventType>(type: T) => events.filter((event): event is EventOf<T> => event.type === type),
})
