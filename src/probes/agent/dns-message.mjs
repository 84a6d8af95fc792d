const headerBytes = 12
const typeA = 1
const classIn = 1

/**
 * A question for the IPv4 address of a name (RFC 1035 §4.1), recursion desired.
 * @param {number} id
 * @param {string} name
 */
export function encodeQuestion(id, name) {
  const labels = name
    .split('.')
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')]))
  const header = Buffer.alloc(headerBytes)
  header.writeUInt16BE(id, 0)
  header.writeUInt16BE(0x01_00, 2)
  header.writeUInt16BE(1, 4)
  return Buffer.concat([header, ...labels, Buffer.from([0, 0, typeA, 0, classIn])])
}

/**
 * The answer to a question: its code (0: no error, 3: no such name) and the IPv4 addresses in it. Null for what is no whole answer to it.
 * @param {Buffer} message
 * @param {number} id
 * @returns {{ code: number, addresses: string[] } | null}
 */
export function decodeAnswer(message, id) {
  if (message.length < headerBytes || message.readUInt16BE(0) !== id || (message.readUInt16BE(2) & 0x8000) === 0)
    return null
  let at = headerBytes
  for (let questions = message.readUInt16BE(4); questions > 0; questions -= 1) at = nameEnd(message, at) + 4
  const addresses = []
  for (let records = message.readUInt16BE(6); records > 0; records -= 1) {
    const fixed = nameEnd(message, at)
    if (fixed + 10 > message.length) return null
    const length = message.readUInt16BE(fixed + 8)
    at = fixed + 10 + length
    if (at > message.length) return null
    if (message.readUInt16BE(fixed) === typeA && length === 4) addresses.push(message.subarray(at - 4, at).join('.'))
  }
  return { code: message.readUInt16BE(2) & 0xf, addresses }
}

/**
 * Where the name that begins at a place ends: after its last label, or after a pointer to another.
 * @param {Buffer} message
 * @param {number} at
 */
function nameEnd(message, at) {
  for (;;) {
    const length = message[at] ?? 0
    if (length >= 0xc0) return at + 2
    if (length === 0) return at + 1
    at += 1 + length
  }
}
