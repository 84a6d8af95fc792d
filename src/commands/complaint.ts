import { HarnessError, exitCodes } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import type { Terminal } from './terminal.ts'

/** Tells an error and gives its exit code. Known errors are one line and a hint; unknown ones keep their stack and are our own bug. */
export function complainOf(error: unknown, terminal: Terminal, signal: AbortSignal): ExitCode {
  if (error instanceof HarnessError) {
    terminal.complain(error.message)
    if (error.hint !== undefined) terminal.progress(`  ${error.hint}`)
    return signal.aborted ? exitCodes.interrupted : error.exitCode
  }
  terminal.complain(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return exitCodes.internal
}
