import type { Event, EventOf } from './event.ts'

/** Facts that come by the million in a long run: nothing keeps them in memory, they are folded as they pass. */
export type Bulk = EventOf<'probe' | 'extra-answer' | 'stale-answer' | 'messages' | 'echoes' | 'probes-passed'>

const bulk: Readonly<Record<Bulk['type'], true>> = {
  probe: true,
  'extra-answer': true,
  'stale-answer': true,
  messages: true,
  echoes: true,
  'probes-passed': true,
}

/** Narrows an event to one of those. */
export const isBulk = (event: Event): event is Bulk => Object.hasOwn(bulk, event.type)
