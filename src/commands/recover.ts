import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { startClock } from '../engine/clock.ts'
import { disarm } from '../engine/lease.ts'
import { faults } from '../faults/index.ts'
import { HarnessError, exitCodes, reasonOf } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import type { Target } from '../model/target.ts'
import type { Clock } from '../ports/clock.ts'
import { appendToJournal, readJournal } from '../recording/journal.ts'
import type { UndoEntry } from '../recording/journal.ts'
import { connect } from './connection.ts'
import { keptLabTarget } from './kept-labs.ts'
import { lockLab } from './lab-lock.ts'
import { reportsFolder } from './run-folder.ts'
import { readTarget } from './target-file.ts'
import type { Terminal } from './terminal.ts'

/** Pauses between attempts. */
const retryMs = [1000, 4000, 10_000]

interface RecoverOptions {
  journal?: string
  target?: string
  lab?: string
}

interface Owed {
  journal: string
  undo: UndoEntry
}

/** `firedrill recover`: lists and carries out every undo that journals still owe, from the journals alone. */
export async function recover(options: RecoverOptions, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  const journals = options.journal === undefined ? await allJournals() : [options.journal]
  const { owed, unreadable } = readAll(journals, options.journal !== undefined)
  for (const line of unreadable) terminal.complain(line)
  const worst = unreadable.length > 0 ? exitCodes.leftToUndo : exitCodes.pass
  if (owed.length === 0 && worst === exitCodes.pass) terminal.print('nothing is left to undo')
  if (owed.length === 0) return worst
  const targetFile = options.lab === undefined ? options.target : await keptLabTarget(options.lab)
  if (targetFile === undefined) throw noTarget(owed.map(({ undo }) => undo))
  const target = await readTarget(targetFile)
  for (const { undo, journal } of owed) terminal.print(`owed: ${undo.what} (lab ${undo.lab}, ${journal})`)
  const labs = [...new Set(owed.map(({ undo }) => undo.lab))]
  const locks = await Promise.all(labs.map((lab) => lockLab(target.url, lab)))
  const left: Owed[] = []
  for (const one of owed) if (!(await settle(one, target, terminal, signal))) left.push(one)
  await Promise.all(locks.map((lock) => lock.release()))
  return left.length === 0 ? worst : exitCodes.leftToUndo
}

/** Latest first: the names of run folders begin with the time, and a journal tells its own order. */
function readAll(journals: readonly string[], isNamed: boolean): { owed: Owed[]; unreadable: string[] } {
  const read = journals
    .toSorted()
    .toReversed()
    .map((journal) => ({ journal, reading: readJournal(journal) }))
  for (const { journal, reading } of read) if (reading === null && isNamed) throw noJournal(journal)
  return {
    owed: read.flatMap(({ journal, reading }) => reading?.owed.map((undo) => ({ journal, undo })) ?? []),
    unreadable: read.flatMap(
      ({ journal, reading }) =>
        reading?.unreadable.map(
          (line) => `${journal}:${line}: expected an undo, this line cannot be read: look at it`,
        ) ?? [],
    ),
  }
}

async function settle(
  { journal, undo }: Owed,
  target: Target,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  const failure = await untilDone(undo, target, signal)
  if (failure === null) appendToJournal(journal, { ...undo, state: 'done' })
  terminal.print(failure === null ? `undone: ${undo.what}` : `not undone: ${undo.what}: ${failure}`)
  const byHand = undo.byHand ?? faults[undo.kind]?.howTo
  if (failure !== null && byHand !== undefined) terminal.print(`  by hand: ${byHand}`)
  return failure === null
}

/** Null when it is done, else why it is not after the last attempt. */
async function untilDone(undo: UndoEntry, target: Target, signal: AbortSignal): Promise<string | null> {
  const clock = startClock()
  for (const pauseMs of retryMs) {
    const failure = await carryOut(undo, target, clock, signal)
    if (failure === null || failure.isFinal || signal.aborted) return failure?.reason ?? null
    await clock.sleep(pauseMs, signal).catch(() => {})
  }
  return (await carryOut(undo, target, clock, signal))?.reason ?? null
}

/** Null when it is done and seen to be done, else the reason why not; final where trying again is no use. */
async function carryOut(undo: UndoEntry, target: Target, clock: Clock, signal: AbortSignal) {
  const fault = Object.hasOwn(faults, undo.kind) ? faults[undo.kind] : undefined
  if (fault === undefined) return { reason: `this release knows no fault ${undo.kind}`, isFinal: true }
  const open = await connect(target, { name: undo.lab, machines: undo.machines }, clock).catch(reasonOf)
  if (typeof open === 'string') return { reason: open, isFinal: false }
  const tools = { ...open, nics: open.hypervisor, firewall: open.via, clock, firewalls: undo.machines, signal }
  try {
    await fault.heal(undo, tools)
    const effect = await fault.verifyHealed(undo, tools)
    if (open.node !== null && undo.token !== undefined) await disarm(open.node, undo, signal).catch(() => {})
    return effect.proven ? null : { reason: effect.evidence, isFinal: false }
  } catch (error) {
    return {
      reason: isMalformed(error) ? 'the journal has not what this fault needs' : reasonOf(error),
      isFinal: isMalformed(error),
    }
  } finally {
    await open.close()
  }
}

const isMalformed = (error: unknown): boolean => error instanceof z.ZodError

async function allJournals(): Promise<string[]> {
  const runs = await readdir(reportsFolder, { withFileTypes: true }).catch(() => [])
  return runs.filter((run) => run.isDirectory()).map((run) => join(reportsFolder, run.name, 'undo.jsonl'))
}

function noJournal(journal: string): HarnessError {
  return new HarnessError(`expected a journal at ${journal}, found none`, { exitCode: exitCodes.usage })
}

function noTarget(owed: UndoEntry[]): HarnessError {
  return new HarnessError(`expected --target or --lab to undo: ${owed.map(({ what }) => what).join('; ')}`, {
    exitCode: exitCodes.leftToUndo,
    hint: 'an embedded lab of a run ends with the run and owes nothing; delete its journal',
  })
}
