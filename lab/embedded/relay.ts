import { connect, createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

/** A loopback port that leads to one machine's console whatever happens to its network, like a serial cable. */
export type Relay = {
  port: number
  /** Breaks all connections; the port stays. */
  drop: () => void
  close: () => Promise<void>
}

/** Where a machine's console is: nowhere while it is off, on its way while it boots, else a Unix socket. */
export type Console = { state: 'off' | 'booting' } | { state: 'on'; path: string }

/**
 * Opens the port to the console that `locate` names at the time. While the machine is off connections are closed at once;
 * while it boots they wait for the console, at most `patienceMs`.
 */
export async function openRelay(locate: () => Console, patienceMs = 5000): Promise<Relay> {
  const open = new Set<Socket>()
  const keep = (socket: Socket): void => {
    open.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => open.delete(socket))
  }
  const plug = async (outside: Socket): Promise<void> => {
    const inside = await reach(locate, () => outside.destroyed, patienceMs)
    if (!inside) return void outside.destroy()
    keep(inside)
    join(outside, inside)
  }
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (outside) => {
    keep(outside)
    void plug(outside)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the relay has no port')
  const drop = (): void => open.forEach((socket) => socket.destroy())
  const close = async (): Promise<void> => {
    const closed = once(server, 'close')
    server.close()
    drop()
    await closed
  }
  return { port: address.port, drop, close }
}

async function reach(locate: () => Console, abandoned: () => boolean, patienceMs: number): Promise<Socket | undefined> {
  const deadline = performance.now() + patienceMs
  while (!abandoned() && performance.now() < deadline) {
    const place = locate()
    if (place.state === 'off') return undefined
    const socket = place.state === 'on' ? await dial(place.path) : undefined
    if (socket && !abandoned() && locate().state === 'on') return socket
    socket?.destroy()
    await sleep(20)
  }
  return undefined
}

async function dial(path: string): Promise<Socket | undefined> {
  const socket = connect({ path, allowHalfOpen: true })
  return once(socket, 'connect').then(
    () => socket,
    () => undefined,
  )
}

function join(outside: Socket, inside: Socket): void {
  outside.pipe(inside)
  inside.pipe(outside)
  outside.on('close', () => inside.destroy())
  inside.on('close', () => outside.destroy())
}
