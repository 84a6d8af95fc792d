#!/usr/bin/env node
import { CommanderError } from 'commander'
import { complainOf } from './commands/complaint.ts'
import { firedrillProgram } from './commands/program.ts'
import type { Terminal } from './commands/terminal.ts'
import { Interruption, exitCodes } from './model/failure.ts'
import type { ExitCode } from './model/failure.ts'

const interruption = new AbortController()
const haste = new AbortController()
const terminal: Terminal = {
  print: (text) => void process.stdout.write(`${text}\n`),
  progress: (line) => void process.stderr.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`firedrill: ${line}\n`),
  colour: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
  columns: process.stdout.isTTY ? process.stdout.columns : 120,
}

process.exitCode = await main(process.argv)

async function main(argv: string[]): Promise<ExitCode> {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupt(name))
  // Whoever read along may leave (`| head`), or the terminal may go: that must not end a drill before its undo.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const outcome: { code: ExitCode } = { code: exitCodes.pass }
  const program = firedrillProgram(terminal, interruption.signal, (code) => {
    outcome.code = code
  })
  try {
    await program.parseAsync(argv)
    return outcome.code
  } catch (error) {
    return exitCodeOf(error)
  }
}

function interrupt(signal: string): void {
  const again = interruption.signal.aborted
  if (!haste.signal.aborted)
    terminal.complain(
      again
        ? `${signal} again: nothing more is measured; what was done is undone before this ends`
        : `${signal}: undoing what was done, then leaving`,
    )
  if (again) haste.abort()
  interruption.abort(new Interruption(signal, haste.signal))
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.pass : exitCodes.usage
  return complainOf(error, terminal, interruption.signal)
}
