/**
 * TCP echo on port 7 that harms the sessions which it was told to, once, on SIGUSR2: `{"reset": [7, ...], "silent": [...], ...}`. A session is
 * known by its messages: 4 bytes of key, 4 of its number, 8 of the message's. Prints a line when every harm is done.
 */
import { execFileSync } from 'node:child_process'
import { type Socket, createServer } from 'node:net'
import { type Harm, harmsFrom } from '../harms.ts'

const numberAt = 4
const harms = harmsFrom(process.argv[2] ?? '{}')
const sockets = new Map<number, Socket>()
const repeating = new Set<Socket>()

/** What its packets meet: nothing passes any more, or nothing for so long. The kernel forgets an element when its time is over. */
const silences: Partial<Record<Harm, string>> = { silent: '', stall: 'timeout 2200ms', survive: 'timeout 150ms' }

execFileSync('nft', ['-f', '-'], {
  input: `table inet harm {
  set silent { type inet_service; flags timeout; }
  chain input { type filter hook input priority 0; tcp sport @silent drop; }
  chain output { type filter hook output priority 0; tcp dport @silent drop; }
}`,
})

createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
  socket.on('error', () => socket.destroy())
  socket.once('data', (first) => sockets.set(first.readUInt32BE(numberAt), socket))
  socket.on('data', (chunk) => {
    socket.write(chunk)
    if (repeating.delete(socket)) socket.write(chunk)
  })
  socket.on('end', () => socket.end())
}).listen({ port: 7, backlog: 4096 })

process.on('SIGUSR2', () => {
  const silent = Object.entries(silences).flatMap(([harm, time]) =>
    known(harms[harm]).map(({ remotePort }) => `${remotePort} ${time}`),
  )
  if (silent.length > 0) execFileSync('nft', ['add', 'element', 'inet', 'harm', 'silent', `{ ${silent.join(', ')} }`])
  for (const socket of known(harms['reset'])) socket.resetAndDestroy()
  for (const socket of known(harms['duplicate'])) repeating.add(socket)
  process.stdout.write('done\n')
})

function known(sessions: readonly number[] = []): Socket[] {
  return sessions.flatMap((session) => sockets.get(session) ?? [])
}
