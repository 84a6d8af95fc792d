import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, rmSync, symlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Flavour } from '../config.ts'
import type { Site } from './exchange.ts'

const names = { opnsense: 'lighttpd', pfsense: 'nginx' } as const
const pollMs = 50

/** The process by which people know the product's web server: while it stands still nothing answers, and its end is the server's. */
export type WebProcess = { isStill: () => boolean; ended: Promise<void>; kill: () => void }

/** Starts it: it does nothing but live, by the name of the product's program, in a folder of the machine. */
export function startWebProcess(flavour: Flavour, folder = '/usr/local/sbin'): WebProcess {
  const program = `${folder}/${names[flavour]}`
  rmSync(program, { force: true })
  symlinkSync('/bin/sleep', program)
  const child = spawn(program, ['infinity'], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => {
    child.on('exit', () => resolve())
    child.on('error', () => resolve())
  })
  return { isStill: () => isStopped(child), ended, kill: () => child.kill('SIGKILL') }
}

/** The site as long as the process lives: what is asked while it stands still is answered when it goes on. */
export function servedBy(process: Pick<WebProcess, 'isStill'>, site: Site): Site {
  return async (request) => {
    while (process.isStill()) await sleep(pollMs, undefined, { ref: false })
    return site(request)
  }
}

// The third word of its stat is its state; T is one that was stopped.
function isStopped({ pid }: ChildProcess): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.startsWith('T') ?? false
  } catch {
    return false
  }
}
