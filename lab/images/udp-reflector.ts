import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'

/**
 * UDP reflector on port 7 (or the port given as argument): sends each datagram back to its sender, followed by 8 bytes: how many
 * datagrams of its stream it has answered by now (big endian, from 1). A stream is one sender and the first 16 bytes. A number that
 * never came back is an answer lost; a datagram without a number never got here. Datagrams too short for a stream get no answer.
 * Runs inside the `target` machine, hence node builtins only.
 */
const streamBytes = 16
const countBytes = 8
const mostStreams = 4096

/** The streams heard lately, the longest silent first. */
const answered = new Map<string, bigint>()

const port = Number(process.argv[2] ?? 7)
reflect('udp4').bind(port)
reflect('udp6')
  .on('error', () => {}) // A machine without IPv6.
  .bind(port)

function reflect(type: 'udp4' | 'udp6'): Socket {
  const socket = createSocket({ type, ipv6Only: type === 'udp6' })
  return socket.on('message', (datagram, { address, port: from }) => {
    if (datagram.length < streamBytes) return
    const count = Buffer.alloc(countBytes)
    count.writeBigUInt64BE(next(`${address} ${from} ${datagram.toString('hex', 0, streamBytes)}`))
    // One that cannot be sent is lost, and its number with it.
    socket.send([datagram, count], from, address, () => {})
  })
}

function next(stream: string): bigint {
  const count = (answered.get(stream) ?? 0n) + 1n
  answered.delete(stream)
  answered.set(stream, count)
  const oldest = answered.keys().next().value
  if (answered.size > mostStreams && oldest !== undefined) answered.delete(oldest)
  return count
}
