import { spawn } from 'node:child_process'

/** Runs a program to its end, `input` on its standard input. Never rejects: a failure is a status other than 0. */
export function run(command: string, args: readonly string[], input = ''): Promise<{ status: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'pipe' })
    const pieces: Buffer[] = []
    child.stdout.on('data', (data: Buffer) => pieces.push(data))
    child.stderr.on('data', (data: Buffer) => pieces.push(data))
    child.on('error', (error) => resolve({ status: 127, output: error.message }))
    child.on('close', (code) => resolve({ status: code ?? 128, output: Buffer.concat(pieces).toString() }))
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}
