import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startClock } from '../engine/clock.ts'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'
import { firstLine, labArguments } from './embedded-lab.ts'
import {
  claimKeptLab,
  findKeptLab,
  forgetKeptLab,
  isAlive,
  keepTarget,
  keptLabFolder,
  noteKeptLab,
  onlyKeptLab,
} from './kept-labs.ts'
import { chooseLab } from './loading.ts'
import { standUpLab } from './provisioned-lab.ts'
import { readTarget } from './target-file.ts'
import type { Terminal } from './terminal.ts'

const defaultLab = 'opnsense-single-wan'
const downWithinMs = 30_000

/** `firedrill lab up`: starts a lab that outlives this command, and its machines. */
export async function up(
  file: string | undefined,
  options: { name?: string; defect: string[] },
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { lab, labFile } = await chooseLab(file ?? defaultLab)
  const name = options.name ?? lab.lab
  const state = await claimKeptLab(name)
  try {
    await copyFile(labFile, join(state, 'topology.yaml'))
    const targetFile = await startDetached(labFile, state, name, options.defect)
    await standUp(lab, name, targetFile, terminal, signal)
  } catch (error) {
    await down(name, terminal).catch(() => forgetKeptLab(name))
    throw error
  }
  terminal.print(`lab ${name} is up\n  status: firedrill lab status ${name}\n  end it: firedrill lab down ${name}`)
  return exitCodes.pass
}

/** `firedrill lab down`: ends a kept lab and waits until it is gone. */
export async function down(given: string | undefined, terminal: Terminal): Promise<ExitCode> {
  const name = given ?? (await onlyKeptLab())
  const { pid } = await findKeptLab(name)
  if (await isAlive(pid, name)) process.kill(pid, 'SIGTERM')
  await untilGone(pid, name)
  await forgetKeptLab(name)
  terminal.print(`lab ${name} is down`)
  return exitCodes.pass
}

async function startDetached(labFile: string, state: string, name: string, defects: string[]): Promise<string> {
  const log = openSync(join(state, 'lab.log'), 'a', 0o600)
  const child = spawn(process.execPath, [...labArguments(labFile, state, defects), '--detached'], {
    stdio: ['ignore', 'pipe', log],
    detached: true,
  })
  closeSync(log)
  const targetFile = await firstLine(child)
  await noteKeptLab(name, { pid: child.pid ?? 0, targetFile })
  child.stdout?.destroy()
  child.unref()
  return targetFile
}

/** The lab's own target file knows hypervisor and machines; the one that is noted knows the APIs of its firewalls, too. */
async function standUp(
  lab: Lab,
  name: string,
  targetFile: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const folder = keptLabFolder(name)
  const wish = {
    lab,
    target: await readTarget(targetFile),
    instance: 0,
    secrets: 'random',
    kept: true,
    folder,
  } as const
  const { target } = await standUpLab(wish, startClock(), terminal.progress, signal)
  await keepTarget(name, target)
}

async function untilGone(pid: number, name: string): Promise<void> {
  const deadlineMs = performance.now() + downWithinMs
  while (await isAlive(pid, name)) {
    if (performance.now() > deadlineMs) {
      throw new HarnessError(
        `expected lab ${name} to end within ${downWithinMs / 1000} s, process ${pid} is still there`,
        {
          exitCode: exitCodes.unavailable,
          hint: `look at ${join(keptLabFolder(name), 'lab.log')}`,
        },
      )
    }
    await delay(50)
  }
}
