// @ts-check
import { spawn } from 'node:child_process'
import { delimiter } from 'node:path'

/**
 * @typedef {{ code: number, output: string }} Ended
 *   `code`: exit code, 127 where the program is absent, 130 where a signal ended it. `output`: standard output and error, mixed.
 */

/**
 * Runs a program to its end and collects what it says. Never throws. Ctrl-C reaches it as SIGINT and this process lives on,
 * so that what was changed for its sake can be put back.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string | undefined>, input?: string }} [options]
 * @returns {Promise<Ended>}
 */
export function run(command, args, { env = {}, input = '' } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: { ...process.env, PATH: searchPath().join(delimiter), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let output = ''
    let interrupted = false
    const release = whileRunning(() => {
      interrupted = true
      child.kill('SIGINT')
    })
    const collect = (/** @type {Buffer} */ chunk) => (output += chunk.toString())
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', (error) => resolve({ code: 127, output: error.message }))
    child.on('close', (code) => resolve({ code: interrupted ? 130 : (code ?? 130), output }))
    child.on('close', release)
    child.stdin.on('error', () => {}).end(input)
  })
}

/** Where programs are: the path, and the administrator's folders, which `su` leaves out. */
export function searchPath() {
  return [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
}

const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/**
 * @param {() => void} onSignal
 * @returns {() => void}
 */
function whileRunning(onSignal) {
  for (const signal of signals) process.on(signal, onSignal)
  return () => {
    for (const signal of signals) process.off(signal, onSignal)
  }
}
