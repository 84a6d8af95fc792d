import { HarnessError, exitCodes, reasonOf } from '../../../model/failure.ts'
import type { Target } from '../../../model/target.ts'
import type { Shell } from '../../../ports/shell.ts'
import { abortable } from './abortable.ts'
import { ConnectionPool } from './connection-pool.ts'
import { lineSplitter } from './line-splitter.ts'
import { type Listeners, type Running, startProcess } from './process.ts'

/** Commands on a target's machines over SSH: one connection per machine, held, and opened anew once it broke. */
export function connectSsh(target: Target): Shell {
  const pool = new ConnectionPool(target)
  return {
    run: async (machine, command, options) => await run(pool, machine, command, options),
    spawn: async (machine, command, { signal, onLine, onErrorLine, onData }) => {
      const lines = lineSplitter(onLine)
      const running = await start(pool, machine, command, signal, { onOutput: onData ?? lines.push, onErrorLine })
      return { write: running.write, end: running.end, ended: running.ended.finally(lines.end) }
    },
    close: async () => await pool.close(),
  }
}

async function run(
  pool: ConnectionPool,
  machine: string,
  command: string,
  { signal, input }: Parameters<Shell['run']>[2],
): Promise<string> {
  const output: Buffer[] = []
  const errors: string[] = []
  const running = await start(pool, machine, command, signal, {
    onOutput: (chunk) => output.push(chunk),
    onErrorLine: (line) => errors.push(line),
  })
  running.channel.end(input ?? '')
  const code = await running.ended
  signal.throwIfAborted()
  if (code !== 0) throw failed(machine, endingOf(code, errors))
  return Buffer.concat(output).toString('utf8')
}

async function start(
  pool: ConnectionPool,
  machine: string,
  command: string,
  signal: AbortSignal,
  listeners: Listeners,
): Promise<Running> {
  const connection = await abortable(pool.to(machine), signal)
  try {
    return await startProcess(connection, command, signal, listeners)
  } catch (thrown) {
    signal.throwIfAborted()
    throw failed(machine, `did not start a command: ${reasonOf(thrown)}`)
  }
}

function endingOf(code: number | null, errors: readonly string[]): string {
  const last = errors.findLast((line) => line.trim() !== '')
  if (code === null) return `lost a command: the connection broke${last === undefined ? '' : ` (${last})`}`
  return `failed a command with exit code ${code}: ${last ?? 'it said nothing'}`
}

const failed = (machine: string, what: string) =>
  new HarnessError(`${machine} ${what}`, { exitCode: exitCodes.unavailable })
