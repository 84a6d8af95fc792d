import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { RemoteProcess, Shell } from '../../../../src/ports/shell.ts'

/** Every machine is this one: the near end of the cable. */
export const localShell: Shell = {
  run: async (_machine, command, { signal, input = '' }) => {
    const program = spawn('/bin/sh', ['-c', command], { stdio: ['pipe', 'pipe', 'inherit'], signal })
    let output = ''
    program.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    program.stdin.on('error', () => {}) // it may end without reading
    program.stdin.end(input)
    const code = await new Promise<number | null>((resolve, reject) => program.on('close', resolve).on('error', reject))
    if (code !== 0) throw new Error(`exit code ${code}`)
    return output
  },
  spawn: async (_machine, command, { signal, onLine, onErrorLine }): Promise<RemoteProcess> => {
    const program = spawn('/bin/sh', ['-c', command])
    createInterface({ input: program.stdout }).on('line', onLine)
    createInterface({ input: program.stderr }).on('line', onErrorLine)
    program.stdin.on('error', () => {})
    const ended = new Promise<number | null>((resolve) => program.on('close', resolve))
    signal.addEventListener('abort', () => program.stdin.end())
    const role: RemoteProcess = {
      write: (line) => void program.stdin.write(`${line}\n`),
      end: () => void program.stdin.end(),
      ended,
    }
    return await Promise.resolve(role)
  },
  close: () => Promise.resolve(),
}
