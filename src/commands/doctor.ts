import { exitCodes } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import { diagnosisText } from './diagnosis.ts'
import type { Diagnosis } from './diagnosis.ts'
import { chooseLab } from './loading.ts'
import { diagnoseMachine } from './machine-diagnosis.ts'
import { diagnoseTarget } from './target-diagnosis.ts'
import { readTarget } from './target-file.ts'
import type { Terminal } from './terminal.ts'

const defaultLab = 'opnsense-single-wan'

/**
 * `firedrill doctor`: whether this machine (no target), or the target and its token, are fit for a drill, a line for each thing looked
 * at. Exit 0: nothing failed; 1: something did; 69: the target does not answer as it should.
 */
export async function doctor(
  labName: string | undefined,
  { target: targetFile }: { target?: string },
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  if (targetFile === undefined) return print(await diagnoseMachine(), terminal)
  const { lab } = await chooseLab(labName ?? defaultLab)
  const { lines, unreachable } = await diagnoseTarget(await readTarget(targetFile), lab, signal)
  const code = print(lines, terminal)
  return unreachable ? exitCodes.unavailable : code
}

function print(lines: Diagnosis[], terminal: Terminal): ExitCode {
  for (const line of lines) terminal.print(diagnosisText(line, terminal.colour))
  return lines.some(({ state }) => state === 'fail') ? exitCodes.fail : exitCodes.pass
}
