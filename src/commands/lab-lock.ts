import { createHash, randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { HarnessError, exitCodes } from '../model/failure.ts'

const ownerSchema = z.object({ pid: z.int(), started: z.string(), since: z.string() })
type Owner = z.output<typeof ownerSchema>

/** Where this user's locks are: all runs of this machine see them, whatever their folder is. */
const folder = join(tmpdir(), `firedrill-locks-${process.getuid?.() ?? 'all'}`)
const attempts = 5

/** One drill at a time on a lab. */
export interface LabLock {
  release(): Promise<void>
}

/**
 * Locks a lab that others may drill, too: one that is kept, or one that is attached. Exit 69 while another run of this machine has it; the
 * lock of a run that is no more is broken. Runs of other machines are not seen: the gate finds their faults, nothing finds their plans.
 */
export async function lockLab(url: string, label: string): Promise<LabLock> {
  const file = join(folder, `${createHash('sha256').update(`${url} ${label}`).digest('hex').slice(0, 32)}.json`)
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (await take(file)) return { release: () => release(file) }
    const owner = await ownerOf(file)
    if (owner !== null && (await startOf(owner.pid)) === owner.started) throw isLocked(label, owner)
    await breakLock(file, owner)
  }
  throw new HarnessError(`expected to lock lab ${label}, others are faster`, { exitCode: exitCodes.unavailable })
}

/** The lock appears whole or not at all. */
async function take(file: string): Promise<boolean> {
  const own = `${file}.${randomUUID()}`
  const owner: Owner = { pid: process.pid, started: await startOf(process.pid), since: new Date().toISOString() }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const isWritten = await writeFile(own, JSON.stringify(owner), { mode: 0o600 }).then(() => true, isGone)
  const isTaken = await link(own, file).then(
    () => true,
    () => false,
  )
  await rm(own, { force: true })
  return isWritten && isTaken
}

/** Whoever releases the last lock takes the folder away; it may be gone before this one has written into it. */
function isGone(error: unknown): false {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
  throw error
}

async function release(file: string): Promise<void> {
  await rm(file, { force: true })
  await rmdir(folder).catch(() => {}) // Others have locks in it.
}

/** Whoever renames it breaks it; one that somebody else took meanwhile is put back. */
async function breakLock(file: string, stale: Owner | null): Promise<void> {
  const aside = `${file}.${randomUUID()}`
  const isMoved = await rename(file, aside).then(
    () => true,
    () => false,
  )
  if (!isMoved) return
  const moved = await ownerOf(aside)
  if (JSON.stringify(moved) !== JSON.stringify(stale)) await link(aside, file).catch(() => {})
  await rm(aside, { force: true })
}

async function ownerOf(file: string): Promise<Owner | null> {
  const text = await readFile(file, 'utf8').catch(() => '')
  try {
    return ownerSchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

/** When a process started, in the kernel's words: numbers are given again, starts are not. Empty where there is none. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (stat !== null) return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  if (process.platform === 'linux') return ''
  try {
    process.kill(pid, 0)
    return 'running'
  } catch {
    return ''
  }
}

const isLocked = (label: string, { pid, since }: Owner) =>
  new HarnessError(`expected lab ${label} to be free, process ${pid} has been at it since ${since}`, {
    exitCode: exitCodes.unavailable,
    hint: 'wait for its end; a lock of a process that is no more is broken by itself',
  })
