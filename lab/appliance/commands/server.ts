import { createServer, type Socket } from 'node:net'
import type { Command, CommandResult, Firewall } from './command.ts'
import { commandSocket } from './wrapper.ts'

/** Runs a command of the firewall by its name. Never rejects: a failure is a status other than 0. */
export type Runner = (name: string, args: readonly string[]) => Promise<CommandResult>

/** The commands of a firewall as others run them, wherever they come from. */
export function createRunner(firewall: Firewall, commands: Readonly<Record<string, Command>>): Runner {
  return async (name, args) => {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (command === undefined) return { status: 127, output: `${name}: Command not found.\n` }
    try {
      return await command(firewall, args)
    } catch (error) {
      return { status: 70, output: `${name}: ${error instanceof Error ? error.message : String(error)}\n` }
    }
  }
}

/** Answers the wrappers: one connection per command, a line per argument in, status line and output out. */
export function serveCommands(runner: Runner): void {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    let text = ''
    socket.on('data', (data) => (text += data.toString()))
    socket.on('end', () => void respond(socket, runner, text))
  })
  server.listen(commandSocket)
}

async function respond(socket: Socket, runner: Runner, text: string): Promise<void> {
  const [name = '', ...args] = text.replace(/\n$/, '').split('\n')
  const { status, output } = await runner(name, args)
  socket.end(`${status}\n${output}`)
}
