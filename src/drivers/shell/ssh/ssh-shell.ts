import { HarnessError, exitCodes, reasonOf } from '../../../model/failure.ts'
import type { Target } from '../../../model/target.ts'
import type { Shell } from '../../../ports/shell.ts'
import { abortable } from './abortable.ts'
import { type Connection, connectTo } from './connection.ts'
import { lineSplitter } from './line-splitter.ts'
import { type Listeners, type Running, startProcess } from './process.ts'

/** Commands on a target's machines over SSH: one connection per machine, held, and opened anew once it broke. */
export function connectSsh(target: Target): Shell {
  const connections = new Map<string, Promise<Connection>>()

  const connectionTo = (machine: string): Promise<Connection> => {
    const held = connections.get(machine)
    if (held !== undefined) return held
    const opening = connectTo(target, machine)
    connections.set(machine, opening)
    const forget = () => void (connections.get(machine) === opening && connections.delete(machine))
    opening.then((connection) => void connection.closed.then(forget), forget)
    return opening
  }

  const start = async (
    machine: string,
    command: string,
    signal: AbortSignal,
    listeners: Listeners,
  ): Promise<Running> => {
    const connection = await abortable(connectionTo(machine), signal)
    try {
      return await startProcess(connection, command, signal, listeners)
    } catch (thrown) {
      signal.throwIfAborted()
      throw failed(machine, `did not start a command: ${reasonOf(thrown)}`)
    }
  }

  return {
    run: async (machine, command, { signal, input }) => {
      const output: Buffer[] = []
      const errors: string[] = []
      const listeners = {
        onOutput: (chunk: Buffer) => output.push(chunk),
        onErrorLine: (line: string) => errors.push(line),
      }
      const running = await start(machine, command, signal, listeners)
      running.channel.end(input ?? '')
      const code = await running.ended
      signal.throwIfAborted()
      if (code !== 0) throw failed(machine, endingOf(code, errors))
      return Buffer.concat(output).toString('utf8')
    },
    spawn: async (machine, command, { signal, onLine, onErrorLine }) => {
      const lines = lineSplitter(onLine)
      const running = await start(machine, command, signal, { onOutput: lines.push, onErrorLine })
      return { write: running.write, end: running.end, ended: running.ended.finally(lines.end) }
    },
    close: async () => {
      const held = await Promise.allSettled(connections.values())
      for (const settled of held) if (settled.status === 'fulfilled') settled.value.close()
      connections.clear()
    },
  }
}

function endingOf(code: number | null, errors: readonly string[]): string {
  const last = errors.findLast((line) => line.trim() !== '')
  if (code === null) return `lost a command: the connection broke${last === undefined ? '' : ` (${last})`}`
  return `failed a command with exit code ${code}: ${last ?? 'it said nothing'}`
}

const failed = (machine: string, what: string) =>
  new HarnessError(`${machine} ${what}`, { exitCode: exitCodes.unavailable })
