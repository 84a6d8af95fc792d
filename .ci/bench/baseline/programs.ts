import type { Shell } from '../../../src/ports/shell.ts'

/** A program on a machine, which goes on until it is told to end. */
export interface Program {
  /** Resolves when it has ended by itself. */
  ended: Promise<number | null>
  /** Ends it as Ctrl-C would; what it has printed. */
  end(): Promise<string>
}

/** Starts a program on a machine. `onData`: its output comes there, and only what it complained of is returned at its end. */
export async function startProgram(
  shell: Shell,
  machine: string,
  command: string,
  signal: AbortSignal,
  onData?: (chunk: Uint8Array) => void,
): Promise<Program> {
  const said: string[] = []
  const { promise: pid, resolve } = Promise.withResolvers<string>()
  const note = (line: string) => void said.push(line)
  const hear = (line: string) => (/^pid \d+$/.test(line) ? resolve(line.slice('pid '.length)) : note(line))
  const running = await shell.spawn(machine, `echo "pid $$" >&2; exec ${command}`, {
    signal,
    onLine: note,
    onErrorLine: hear,
    ...(onData !== undefined && { onData }),
  })
  const started = await Promise.race([pid, running.ended])
  return {
    ended: running.ended,
    async end() {
      await shell.run(machine, `kill -INT ${started} 2>/dev/null || true`, { signal })
      await running.ended
      return said.join('\n')
    },
  }
}
