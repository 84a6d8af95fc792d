import { eventSchema } from '../model/event.ts'
import type { Event } from '../model/event.ts'
import { probeOf } from './probe-line.ts'
import { upgraded } from './upgrade.ts'

/** The recording's format. Raised when a reader of the old one would misread the new one; what is older is upgraded on reading. */
export const formatVersion = 2

/** One event as one line of JSON, format version in the first. */
export function toLine(event: Event): string {
  const versioned = event.type === 'run-started' ? { format: formatVersion, ...event } : event
  return `${JSON.stringify(versioned)}\n`
}

/** The event on a line, or null where the line is torn or no event of this format. */
export function fromLine(line: string): Event | null {
  const data = parseJson(line)
  const probe = probeOf(data)
  if (probe !== null) return probe
  const parsed = eventSchema.safeParse(upgraded(data))
  return parsed.success ? parsed.data : null
}

/** The format version that a recording's first line names; null where it names none. */
export function formatOf(firstLine: string): number | null {
  const data = parseJson(firstLine)
  const format: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'format') : null
  return typeof format === 'number' ? format : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
