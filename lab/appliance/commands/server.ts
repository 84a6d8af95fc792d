import { createServer, type Socket } from 'node:net'
import type { Command, CommandResult, Firewall } from './command.ts'
import { commandSocket } from './wrapper.ts'

/** Answers the wrappers: one connection per command, a line per argument in, status line and output out. */
export function serveCommands(firewall: Firewall, commands: Readonly<Record<string, Command>>): void {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    let text = ''
    socket.on('data', (data) => (text += data.toString()))
    socket.on('end', () => void respond(socket, firewall, commands, text))
  })
  server.listen(commandSocket)
}

async function respond(
  socket: Socket,
  firewall: Firewall,
  commands: Readonly<Record<string, Command>>,
  text: string,
): Promise<void> {
  const [name = '', ...args] = text.replace(/\n$/, '').split('\n')
  const { status, output } = await execute(firewall, commands[name], name, args)
  socket.end(`${status}\n${output}`)
}

async function execute(
  firewall: Firewall,
  command: Command | undefined,
  name: string,
  args: readonly string[],
): Promise<CommandResult> {
  if (command === undefined) return { status: 127, output: `${name}: Command not found.\n` }
  try {
    return await command(firewall, args)
  } catch (error) {
    return { status: 70, output: `${name}: ${error instanceof Error ? error.message : String(error)}\n` }
  }
}
