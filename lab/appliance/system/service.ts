import { type ChildProcess, spawn } from 'node:child_process'

/** A program to keep running. `onOutput` gets its standard output, `onLine` each line of its standard error. */
export type ServiceOptions = {
  command: string
  args: readonly string[]
  onOutput?: (data: Buffer) => void
  onLine?: (line: string) => void
  /** Called after each end that nobody asked for; the program is started again after `restartAfterMs` (200). */
  onEnd?: (status: string) => void
  restartAfterMs?: number
}

/** A running program that is started again when it ends. */
export type Service = { write: (data: string | Buffer) => void; stop: () => void }

/** Starts a program and keeps it running until `stop`, which kills it at once. */
export function startService(options: ServiceOptions): Service {
  let stopped = false
  let child = launch()

  function launch(): ChildProcess {
    const next = spawn(options.command, options.args, { stdio: ['pipe', 'pipe', 'pipe'] })
    next.stdin.on('error', () => undefined)
    next.stdout.on('data', (data: Buffer) => options.onOutput?.(data))
    next.stderr.on('data', byLine(options.onLine ?? (() => undefined)))
    next.on('error', (error) => ended(error.message))
    next.on('exit', (code, signal) => ended(signal ?? `exit status ${code}`))
    return next
  }

  function ended(status: string): void {
    if (stopped) return
    options.onEnd?.(status)
    setTimeout(() => {
      if (!stopped) child = launch()
    }, options.restartAfterMs ?? 200)
  }

  return {
    write: (data) => child.stdin?.write(data),
    stop: () => {
      stopped = true
      child.kill('SIGKILL')
    },
  }
}

/** Collects pieces of text and hands over whole lines. */
export function byLine(onLine: (line: string) => void): (data: Buffer) => void {
  let pending = ''
  return (data) => {
    const lines = (pending + data.toString()).split('\n')
    pending = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  }
}
