import { setFlagsFromString } from 'node:v8'
import { analyse } from '../analysis/analyse.ts'
import { judge } from '../checks/judge.ts'
import { exitCodes } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import type { Result } from '../model/result.ts'
import { readRecording } from '../recording/reader.ts'

/** The result of a recording, from its file alone: what `run` does at its end and `analyze` and `report` do later. */
export async function judgeRecording(path: string): Promise<Result> {
  const recording = await readRecording(path)
  keepHeapSmall()
  return judge(analyse(recording.events, recording))
}

/**
 * What lives for the seconds in which probes are put into order would make V8 grow the space for young objects to its largest, and with it
 * everything else: 340 MB for a day's recording instead of 170 MB. Small, it costs no time.
 */
export const keepHeapSmall = (): void => setFlagsFromString('--semi-space-growth-factor=1')

/** The exit code of a verdict. */
export const exitCodeOf = ({ verdict }: Pick<Result, 'verdict'>): ExitCode => exitCodes[verdict]

const precedence: ExitCode[] = [
  exitCodes.leftToUndo,
  exitCodes.interrupted,
  exitCodes.usage,
  exitCodes.internal,
  exitCodes.fail,
  exitCodes.unknown,
  exitCodes.unavailable,
  exitCodes.pass,
]

/** The exit code of several runs: the first of 75, 70, 1, 2, 69, 0 that occurred; an interruption or a refusal goes before all but the first. */
export const worstExitCode = (codes: readonly ExitCode[]): ExitCode =>
  precedence.find((code) => codes.includes(code)) ?? exitCodes.unknown
