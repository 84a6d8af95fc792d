import { fork, spawn, spawnSync } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set()

/**
 * Starts a program, with `onLine` and `onErrorLine` for what it says and `onEnd(reason)` when it is gone or could not start.
 * @param {string} program
 * @param {string[]} args
 * @param {{ onLine: (line: string) => void, onErrorLine: (line: string) => void, onEnd: (reason: string) => void }} listeners
 */
export function startChild(program, args, { onLine, onErrorLine, onEnd }) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  children.add(child)
  createInterface({ input: child.stdout }).on('line', onLine)
  createInterface({ input: child.stderr }).on('line', onErrorLine)
  child.stdin.on('error', () => {}) // It ended; onEnd says so.
  let isOver = false
  /** @param {string} reason */
  const end = (reason) => {
    children.delete(child)
    if (!isOver) onEnd(reason)
    isOver = true
  }
  child.on('error', (error) =>
    end('code' in error && error.code === 'ENOENT' ? `${program} is not installed` : error.message),
  )
  child.on('close', (code, signal) =>
    end(signal === null ? `${program} ended with ${code}` : `${program} was ended by ${signal}`),
  )
  return child
}

/**
 * Starts one of the agent's own files as a process, with a descriptor as its standard input, which it gets in blocking mode.
 * @param {URL} file
 * @param {string} argument
 * @param {number} fd
 * @param {{ onMessage: (message: object) => void, onEnd: (reason: string) => void }} listeners
 */
export function forkChild(file, argument, fd, { onMessage, onEnd }) {
  const child = fork(fileURLToPath(file), [argument], { stdio: [fd, 'ignore', 'inherit', 'ipc'] })
  children.add(child)
  child.on('message', (message) => {
    if (typeof message === 'object' && message !== null) onMessage(message)
  })
  child.on('error', (error) => onEnd(error.message))
  child.on('exit', (code, signal) => {
    children.delete(child)
    onEnd(signal === null ? `its process ended with ${code}` : `its process was ended by ${signal}`)
  })
  return child
}

/**
 * Lets a program go before others of a busy machine, where that is allowed; where it is not, what it misses is counted. A thread of real time
 * (SCHED_FIFO in sched(7)) waits for nobody's time slice, which the best niceness does. 0 is the calling thread.
 * @param {number} pid
 */
export function goFirst(pid) {
  try {
    setPriority(pid, constants.priority.PRIORITY_HIGHEST)
    spawnSync('chrt', ['--fifo', '--pid', '1', String(pid || threadId())], { stdio: 'ignore' })
  } catch {
    // It is not allowed, or the program is gone.
  }
}

function threadId() {
  return readlinkSync('/proc/thread-self').split('/').at(-1)
}

/** Ends every program that is still running, at once. */
export function killChildren() {
  for (const child of children) child.kill('SIGKILL')
}
