import { closeSync, openSync, writeSync } from 'node:fs'
import { isBulk } from '../model/bulk.ts'
import type { Event, EventType, Fact } from '../model/event.ts'
import type { Clock } from '../ports/clock.ts'
import type { Recorder } from '../ports/recorder.ts'
import { toLine } from './line.ts'

/** A recorder that appends to a file, each fact in one write at the moment it is learnt. */
export interface FileRecorder extends Recorder {
  close(): void
}

/** What is said again and again while a drill runs: its latest word at most is asked for. */
const repeated: ReadonlySet<EventType> = new Set([
  'ha-sample',
  'role-sample',
  'sync-sample',
  'clock-sync',
  'wall-sync',
  'carp-advert',
  'probes-passed',
  'arp',
  'dhcp',
  'socket-sample',
])
const mostEvents = 20_000
const keptForMs = 120_000

/** Opens the recording at `path`, which must not exist yet. `onEvent` sees every event after it is on file. */
export function openRecorder(path: string, clock: Clock, onEvent: (event: Event) => void = () => {}): FileRecorder {
  const file = openSync(path, 'wx', 0o644)
  const events: Event[] = []
  let open = true
  let mayHold = mostEvents
  return {
    events,
    record(fact: Fact): Event {
      const event: Event = { ...fact, atMs: clock.nowMs() }
      if (!open) return event
      if (!isBulk(event)) events.push(event)
      if (events.length > mayHold) mayHold = forget(events, event.atMs - keptForMs) + mostEvents
      writeSync(file, toLine(event))
      onEvent(event)
      return event
    },
    close() {
      if (open) closeSync(file)
      open = false
    },
  }
}

/** Drops the samples from before an instant, in place; how many events are left. */
function forget(events: Event[], beforeMs: number): number {
  const kept = events.filter(({ atMs, type }) => atMs >= beforeMs || !repeated.has(type))
  events.splice(0, events.length, ...kept)
  return kept.length
}
