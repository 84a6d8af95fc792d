import type { EventOf } from '../model/event.ts'

const required = 6

/**
 * A probe from the data of a line, checked by hand: eight million lines of a day would take minutes to check by schema. Null where the data
 * is anything but a plain probe; the schema then has the last word. Whatever is accepted here, the schema accepts and reads in the same way.
 */
export function probeOf(data: unknown): EventOf<'probe'> | null {
  if (typeof data !== 'object' || data === null || !('type' in data) || data.type !== 'probe') return null
  if (!('atMs' in data && 'stream' in data && 'seq' in data && 'sentMs' in data && 'receivedMs' in data)) return null
  const { atMs, stream, seq, sentMs, receivedMs } = data
  if (!isFinite(atMs) || !isFinite(sentMs) || typeof stream !== 'string') return null
  if (!isFinite(seq) || !Number.isSafeInteger(seq) || !(receivedMs === null || isFinite(receivedMs))) return null
  const optional = optionalOf(data)
  if (optional === null || Object.keys(data).length > required + optional.count) return null
  return { type: 'probe', atMs, stream, seq, sentMs, receivedMs, ...optional.values }
}

type Optional = Partial<Pick<EventOf<'probe'>, 'dueMs' | 'reflected' | 'error' | 'cause'>>

function optionalOf(data: object): { count: number; values: Optional } | null {
  const values: Optional = {}
  let count = 0
  if ('dueMs' in data) {
    if (!isFinite(data.dueMs)) return null
    values.dueMs = data.dueMs
    count += 1
  }
  if ('reflected' in data) {
    if (!isFinite(data.reflected) || !Number.isSafeInteger(data.reflected)) return null
    values.reflected = data.reflected
    count += 1
  }
  for (const key of ['error', 'cause'] as const) {
    if (!Object.hasOwn(data, key)) continue
    const text: unknown = Reflect.get(data, key)
    if (typeof text !== 'string') return null
    values[key] = text
    count += 1
  }
  return { count, values }
}

const isFinite = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
