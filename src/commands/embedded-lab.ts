import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import { projectRoot } from './project.ts'

const startWithinMs = 60_000
const stopWithinMs = 30_000

/** An embedded lab that lives as long as this process keeps its standard input open. */
export interface EmbeddedLab {
  targetFile: string
  /** Tears it down and resolves when nothing of it is left; idempotent. */
  stop(): Promise<void>
}

/**
 * Starts the embedded lab as a program of its own, in its own process group so that Ctrl-C reaches the harness first. The lab makes
 * its folder and removes it, so that nothing is left even where this process is killed.
 */
export async function startEmbeddedLab(labFile: string, defects: string[], instances: number): Promise<EmbeddedLab> {
  const state = join(tmpdir(), `firedrill-lab-${randomBytes(8).toString('hex')}`)
  const child = spawn(process.execPath, labArguments(labFile, state, defects, instances), {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const stop = () => stopLab(child, state)
  try {
    return { targetFile: await firstLine(child), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The command line of an embedded hypervisor that knows templates only, and is ready for so many instances of the lab. */
export function labArguments(labFile: string, state: string, defects: string[], instances = 1): string[] {
  const program = join(projectRoot, 'lab', 'embedded', 'main.ts')
  return [
    '--disable-warning=ExperimentalWarning',
    program,
    '--topology',
    labFile,
    '--state',
    state,
    '--empty',
    '--instances',
    String(instances),
    ...defects.flatMap((defect) => ['--defect', defect]),
  ]
}

/** The path that a lab prints once its API answers; its own one-line error where it cannot start. */
export async function firstLine(child: ChildProcess): Promise<string> {
  const errors: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (text: string) => errors.push(text))
  const ended = once(child, 'close').then(([code]: unknown[]) => {
    throw new HarnessError(
      errors.join('').trim() || `the embedded lab ended with ${String(code)} before it was ready`,
      {
        exitCode: exitCodeOf(code),
      },
    )
  })
  if (child.stdout === null) throw new TypeError('the embedded lab was started without a pipe for its output')
  const lines = createInterface({ input: child.stdout })
  const line = once(lines, 'line').then(([text]: unknown[]) => String(text))
  return Promise.race([line, ended, expiry()])
}

async function expiry(): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, startWithinMs).unref())
  throw new HarnessError(`expected the embedded lab to answer within ${startWithinMs / 1000} s`, {
    exitCode: exitCodes.unavailable,
    hint: 'is the machine very busy? try again',
  })
}

function exitCodeOf(code: unknown): ExitCode {
  return code === exitCodes.usage || code === exitCodes.unavailable ? code : exitCodes.internal
}

async function stopLab(child: ChildProcess, state: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const closed = once(child, 'close')
    child.stdin?.end()
    const killer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
    await closed
    clearTimeout(killer)
  }
  await rm(state, { recursive: true, force: true })
}
