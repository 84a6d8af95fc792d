import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { startClock } from '../engine/clock.ts'
import { faults } from '../faults/index.ts'
import { HarnessError, exitCodes, reasonOf } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import { appendToJournal, openUndos } from '../recording/journal.ts'
import type { UndoEntry } from '../recording/journal.ts'
import { connect } from './connection.ts'
import { keptLabTarget } from './kept-labs.ts'
import { reportsFolder } from './run-folder.ts'
import { readTarget } from './target-file.ts'
import type { Terminal } from './terminal.ts'

/** `firedrill recover`: carries out every undo that journals still owe, from the journals alone. */
export async function recover(
  options: { journal?: string; target?: string; lab?: string },
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const journals = options.journal === undefined ? await allJournals() : [options.journal]
  const owed = journals.flatMap((journal) => openUndos(journal).map((undo) => ({ journal, undo })))
  if (owed.length === 0) terminal.print('nothing is left to undo')
  if (owed.length === 0) return exitCodes.pass
  const targetFile = options.lab === undefined ? options.target : await keptLabTarget(options.lab)
  if (targetFile === undefined) throw noTarget(owed.map(({ undo }) => undo))
  const left: string[] = []
  for (const { journal, undo } of owed) {
    const failure = await carryOut(undo, targetFile, signal)
    if (failure === null) appendToJournal(journal, { ...undo, state: 'done' })
    else left.push(undo.what)
    terminal.print(failure === null ? `undone: ${undo.what}` : `not undone: ${undo.what}: ${failure}`)
  }
  return left.length === 0 ? exitCodes.pass : exitCodes.leftToUndo
}

/** Null when it is done and seen to be done, else the reason why not. */
async function carryOut(undo: UndoEntry, targetFile: string, signal: AbortSignal): Promise<string | null> {
  const fault = Object.hasOwn(faults, undo.kind) ? faults[undo.kind] : undefined
  if (fault === undefined) return `this release knows no fault ${undo.kind}`
  const clock = startClock()
  const lab = { name: undo.lab, machines: undo.machines }
  const connection = await connect(await readTarget(targetFile), lab, clock)
  const tools = {
    ...connection,
    nics: connection.hypervisor,
    firewall: connection.via,
    clock,
    firewalls: undo.machines,
    signal,
  }
  try {
    await fault.heal(undo, tools)
    const effect = await fault.verifyHealed(undo, tools)
    return effect.proven ? null : effect.evidence
  } catch (error) {
    return reasonOf(error)
  } finally {
    await connection.close()
  }
}

async function allJournals(): Promise<string[]> {
  const runs = await readdir(reportsFolder, { withFileTypes: true }).catch(() => [])
  return runs.filter((run) => run.isDirectory()).map((run) => join(reportsFolder, run.name, 'undo.jsonl'))
}

function noTarget(owed: UndoEntry[]): HarnessError {
  return new HarnessError(`expected --target or --lab to undo: ${owed.map(({ what }) => what).join('; ')}`, {
    exitCode: exitCodes.leftToUndo,
    hint: 'an embedded lab of a run ends with the run and owes nothing; delete its journal',
  })
}
