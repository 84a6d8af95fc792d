import { join } from 'node:path'
import { isolated } from '../accuracy/isolation.ts'

const rig = join(import.meta.dirname, 'rig/main.ts')

/** Has a rig of its own do what the order says; its one row. */
export async function rowFrom<T>(order: object, parse: (row: unknown) => T): Promise<T> {
  let row: unknown
  await isolated(rig, order, (line) => void (row = JSON.parse(line)))
  return parse(row)
}
