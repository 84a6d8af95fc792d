import { createServer } from 'node:net'

/**
 * TCP echo (RFC 862) on port 7, one process for thousands of sessions. Runs inside the `target` machine from a read-only
 * mount of this folder, hence node builtins only. A session ends when the peer ends it; a broken one is forgotten.
 */
const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
  socket.on('error', () => socket.destroy())
  socket.pipe(socket)
})

server.listen({ port: 7, backlog: 4096 })
