import { join } from 'node:path'
import { isolated } from './isolation.ts'

const rig = join(import.meta.dirname, 'rig/main.ts')

/** Has a rig of its own do what the order says; what it prints. */
export async function rowsFrom<T>(order: object, parse: (row: unknown) => T): Promise<T[]> {
  const rows: T[] = []
  await isolated(rig, order, (line) => rows.push(parse(JSON.parse(line))))
  return rows
}
