import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

const entrySchema = z.object({
  id: z.string(),
  state: z.enum(['planned', 'done']),
  kind: z.string(),
  params: z.record(z.string(), z.unknown()),
  machines: z.array(z.string()),
  lab: z.string(),
  what: z.string(),
  token: z
    .string()
    .regex(/^[0-9a-f]{8}$/)
    .optional(),
  byHand: z.string().optional(),
})

/** One undo as the journal keeps it: enough to carry it out from the journal alone. */
export type UndoEntry = z.output<typeof entrySchema>

/** What a journal still owes, latest first, and the numbers of its lines that nobody can read: one of them may be an undo. */
interface JournalReading {
  owed: UndoEntry[]
  unreadable: number[]
}

/** Appends to a journal and returns only when the entry is on disk, and the file in its folder, so that a power cut loses neither. */
export function appendToJournal(path: string, entry: UndoEntry): void {
  const isNew = !existsSync(path)
  const file = openSync(path, 'a+', 0o600)
  try {
    writeSync(file, `${endsInHalfALine(file) ? '\n' : ''}${JSON.stringify(entry)}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  if (isNew) syncFolder(dirname(path))
}

/** Reads a journal; null where there is none. Half a line at its end is an undo whose fault never began. */
export function readJournal(path: string): JournalReading | null {
  if (!existsSync(path)) return null
  const lines = readFileSync(path, 'utf8').split('\n')
  const entries = lines.map(parseEntry)
  const last = new Map(entries.flatMap((entry) => (entry === null ? [] : [[entry.id, entry] as const])))
  const whole = lines.slice(0, -1)
  return {
    owed: [...last.values()].filter(({ state }) => state === 'planned').toReversed(),
    unreadable: whole.flatMap((line, index) => (line !== '' && entries[index] === null ? [index + 1] : [])),
  }
}

function endsInHalfALine(file: number): boolean {
  const { size } = fstatSync(file)
  const end = Buffer.alloc(1)
  return size > 0 && readSync(file, end, 0, 1, size - 1) === 1 && end.toString() !== '\n'
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function parseEntry(line: string): UndoEntry | null {
  try {
    const parsed = entrySchema.safeParse(JSON.parse(line))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
