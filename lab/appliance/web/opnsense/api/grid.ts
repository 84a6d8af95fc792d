import type { Json, JsonObject } from '../../exchange.ts'
import { type Fields, groupOf, textOf } from '../../form.ts'

/** A page of rows as the grids of the WebGUI ask for it: searched, sorted, `rowCount` -1 being all (as without one). */
export function gridAnswer(rows: readonly JsonObject[], fields: Fields): { rows: JsonObject[] } & JsonObject {
  const phrase = textOf(fields, 'searchPhrase').toLowerCase()
  const found = rows.filter((row) => phrase === '' || texts(row).some((text) => text.toLowerCase().includes(phrase)))
  const sorted = sortRows(found, groupOf(fields, 'sort'))
  const current = Math.max(1, wholeOf(fields, 'current', 1))
  const size = wholeOf(fields, 'rowCount', -1)
  const page = size < 0 ? sorted : sorted.slice((current - 1) * size, current * size)
  return { total: sorted.length, rowCount: page.length, current, rows: page }
}

/** A field as a whole number. */
export function wholeOf(fields: Fields, name: string, otherwise: number): number {
  const text = textOf(fields, name)
  return /^-?\d{1,9}$/.test(text) ? Number(text) : otherwise
}

function sortRows(rows: JsonObject[], sort: Fields): JsonObject[] {
  const [column, direction] = Object.entries(sort)[0] ?? []
  if (column === undefined) return rows
  const sign = direction === 'desc' ? -1 : 1
  const key = (row: JsonObject): string => (Object.hasOwn(row, column) ? textOfJson(row[column]) : '')
  return rows.toSorted((a, b) => sign * key(a).localeCompare(key(b), 'en', { numeric: true }))
}

function texts(row: JsonObject): string[] {
  return Object.values(row).map(textOfJson)
}

function textOfJson(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
