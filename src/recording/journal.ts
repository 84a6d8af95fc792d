import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { z } from 'zod'

const entrySchema = z.object({
  id: z.string(),
  state: z.enum(['planned', 'done']),
  kind: z.string(),
  params: z.record(z.string(), z.unknown()),
  machines: z.array(z.string()),
  lab: z.string(),
  what: z.string(),
})

/** One undo as the journal keeps it: enough to carry it out from the journal alone. */
export type UndoEntry = z.output<typeof entrySchema>

/** Appends to a journal and returns only when the entry is on disk. */
export function appendToJournal(path: string, entry: UndoEntry): void {
  const file = openSync(path, 'a', 0o600)
  try {
    writeSync(file, `${JSON.stringify(entry)}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** The undos that a journal still owes, latest first. A torn last line is an undo whose fault never began. */
export function openUndos(path: string): UndoEntry[] {
  if (!existsSync(path)) return []
  const entries = readFileSync(path, 'utf8').split('\n').flatMap(parseEntry)
  const done = new Set(entries.filter(({ state }) => state === 'done').map(({ id }) => id))
  return entries.filter(({ id, state }) => state === 'planned' && !done.has(id)).toReversed()
}

function parseEntry(line: string): UndoEntry[] {
  try {
    const parsed = entrySchema.safeParse(JSON.parse(line))
    return parsed.success ? [parsed.data] : []
  } catch {
    return []
  }
}
