import type { Client, ClientChannel } from 'ssh2'
import type { RemoteProcess } from '../../../ports/shell.ts'
import { abortable } from './abortable.ts'
import { lineSplitter } from './line-splitter.ts'

/** What a caller hears of a running command. */
export interface Listeners {
  onOutput(chunk: Buffer): void
  onErrorLine(line: string): void
}

/** A running command whose output comes as bytes. */
export interface Running extends RemoteProcess {
  readonly channel: ClientChannel
}

/** What commands need of a connection. */
interface Commands {
  client: {
    exec: Client['exec']
    once(event: 'close', listener: () => void): unknown
    off(event: 'close', listener: () => void): unknown
  }
}

/** Starts a command on an open connection. An abort, or the end of the connection, ends it with exit code null. */
export async function startProcess(
  connection: Commands,
  command: string,
  signal: AbortSignal,
  listeners: Listeners,
): Promise<Running> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<Running>()
  const broken = () => reject(new Error('the connection broke'))
  connection.client.once('close', broken)
  try {
    // Throws where the connection is known to be gone.
    connection.client.exec(command, (error, channel) => {
      if (error !== undefined) return reject(error)
      // At once: the reply, the output and the exit code of a quick command can come in one packet, and nothing repeats the code.
      return resolve(listen(channel, connection, signal, listeners))
    })
    return await abortable(promise, signal)
  } finally {
    connection.client.off('close', broken)
  }
}

function listen(channel: ClientChannel, connection: Commands, signal: AbortSignal, listeners: Listeners): Running {
  const errors = lineSplitter(listeners.onErrorLine)
  channel.on('data', listeners.onOutput)
  channel.stderr.on('data', errors.push)
  const ended = endOf(channel, connection, signal).finally(errors.end)
  return { channel, ended, write: (line) => void channel.write(`${line}\n`), end: () => void channel.end() }
}

/** A program may outlive its channel; whoever aborts does not wait for it. */
async function endOf(channel: ClientChannel, connection: Commands, signal: AbortSignal): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>()
  let code: number | null = null
  const abort = () => {
    channel.destroy()
    resolve(null)
  }
  channel.on('exit', (given: number | null) => (code = given))
  channel.on('close', () => resolve(code))
  // A write that meets a closed channel; `close` tells the rest.
  channel.on('error', () => {})
  const broken = () => resolve(code)
  connection.client.once('close', broken)
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  return await promise.finally(() => {
    connection.client.off('close', broken)
    signal.removeEventListener('abort', abort)
  })
}
