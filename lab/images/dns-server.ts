import { createSocket } from 'node:dgram'

/**
 * A name server on UDP 53: every name below `firedrill.test` has the address 192.0.2.53 (RFC 5737), nothing else exists. Runs inside the
 * `target` machine from a read-only mount of this folder, hence node builtins only.
 */
const zone = '.firedrill.test'
const address = Buffer.from([192, 0, 2, 53])
const headerBytes = 12
const [typeA, noSuchName] = [1, 3]

for (const type of ['udp4', 'udp6'] as const) {
  const socket = createSocket({ type, ipv6Only: type === 'udp6' })
  socket.on('error', () => {}) // A machine without IPv6.
  socket.on('message', (query, { address: from, port }) => {
    const answer = answerTo(query)
    if (answer !== null) socket.send(answer, port, from, () => {})
  })
  socket.bind(53)
}

/** RFC 1035 §4: the question again, and for a name of the zone one A record that points back at it. Null for what is no question. */
function answerTo(query: Buffer): Buffer | null {
  const question = questionOf(query)
  if (question === null || (query.readUInt16BE(2) & 0x8000) !== 0) return null
  const { name, type, endsAt } = question
  const isOurs = name.endsWith(zone) || `.${name}` === zone
  const records = isOurs && type === typeA ? 1 : 0
  const header = Buffer.alloc(headerBytes)
  header.writeUInt16BE(query.readUInt16BE(0), 0)
  header.writeUInt16BE(0x8400 | (query.readUInt16BE(2) & 0x0100) | (isOurs ? 0 : noSuchName), 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(records, 6)
  const record = Buffer.concat([Buffer.from('c00c000100010000003c0004', 'hex'), address])
  return Buffer.concat([header, query.subarray(headerBytes, endsAt), ...(records === 1 ? [record] : [])])
}

function questionOf(query: Buffer): { name: string; type: number; endsAt: number } | null {
  if (query.length < headerBytes || query.readUInt16BE(4) !== 1) return null
  const labels: string[] = []
  let at = headerBytes
  for (let length = query[at]; length !== 0; length = query[at]) {
    if (length === undefined || length > 63) return null
    labels.push(query.toString('latin1', at + 1, at + 1 + length).toLowerCase())
    at += 1 + length
  }
  return at + 5 > query.length ? null : { name: labels.join('.'), type: query.readUInt16BE(at + 1), endsAt: at + 5 }
}
