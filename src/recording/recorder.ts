import { closeSync, openSync, writeSync } from 'node:fs'
import type { Event, Fact } from '../model/event.ts'
import type { Clock } from '../ports/clock.ts'
import type { Recorder } from '../ports/recorder.ts'
import { toLine } from './line.ts'

/** A recorder that appends to a file, each fact in one write at the moment it is learnt. */
export interface FileRecorder extends Recorder {
  close(): void
}

/** Opens the recording at `path`, which must not exist yet. `onEvent` sees every event after it is on file. */
export function openRecorder(path: string, clock: Clock, onEvent: (event: Event) => void = () => {}): FileRecorder {
  const file = openSync(path, 'wx', 0o644)
  const events: Event[] = []
  let open = true
  return {
    events,
    record(fact: Fact): Event {
      const event: Event = { ...fact, atMs: clock.nowMs() }
      if (!open) return event
      events.push(event)
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
