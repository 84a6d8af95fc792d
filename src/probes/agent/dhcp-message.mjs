import { createHash } from 'node:crypto'

/** @typedef {'discover' | 'offer' | 'request' | 'ack' | 'nak' | 'release'} MessageType */
/** @typedef {{ type: MessageType, xid: number, seconds?: number, own?: string, requested?: string, server?: string }} Request */
/** @typedef {{ type: MessageType, xid: number, address: string, server: string, leaseSeconds: number }} Reply */

const [fixedBytes, leastBytes, cookie] = [236, 300, 0x6382_5363]
const broadcastFlag = 0x8000
/** @type {Record<MessageType, number>} */
const types = { discover: 1, offer: 2, request: 3, ack: 5, nak: 6, release: 7 }
const codes = { pad: 0, requested: 50, lease: 51, type: 53, server: 54, wanted: 55, client: 61, end: 255 }

/**
 * A message of a client (RFC 2131 §4.1) that is known by a word of its own, and by a MAC made of that word: it shares no lease with
 * the machine it runs on. Who has no address yet asks for broadcast answers.
 * @param {string} client
 * @param {Request} request
 */
export function encodeRequest(client, { type, xid, seconds = 0, own, requested, server }) {
  const fixed = Buffer.alloc(fixedBytes + 4)
  fixed.set([1, 1, 6, 0])
  fixed.writeUInt32BE(xid, 4)
  fixed.writeUInt16BE(Math.min(seconds, 0xff_ff), 8)
  fixed.writeUInt16BE(own === undefined ? broadcastFlag : 0, 10)
  if (own !== undefined) bytesOf(own).copy(fixed, 12)
  macOf(client).copy(fixed, 28)
  fixed.writeUInt32BE(cookie, fixedBytes)
  const message = Buffer.concat([
    fixed,
    option(codes.type, Buffer.from([types[type]])),
    option(codes.client, Buffer.from(`\0${client}`, 'latin1')),
    ...(requested === undefined ? [] : [option(codes.requested, bytesOf(requested))]),
    ...(server === undefined ? [] : [option(codes.server, bytesOf(server))]),
    ...(type === 'release' ? [] : [option(codes.wanted, Buffer.from([1, codes.lease]))]),
    Buffer.from([codes.end]),
  ])
  return Buffer.concat([message, Buffer.alloc(Math.max(0, leastBytes - message.length))])
}

/**
 * A server's message to that client; null for whatever else comes to its port.
 * @param {Buffer} message
 * @param {string} client
 * @returns {Reply | null}
 */
export function decodeReply(message, client) {
  if (message.length < fixedBytes + 4 || message[0] !== 2 || message.readUInt32BE(fixedBytes) !== cookie) return null
  if (!message.subarray(28, 34).equals(macOf(client))) return null
  const options = optionsOf(message.subarray(fixedBytes + 4))
  const [code, server, lease] = [options.get(codes.type)?.[0], options.get(codes.server), options.get(codes.lease)]
  const type = typeOf(code)
  if (type === undefined || server?.length !== 4) return null
  const leaseSeconds = lease?.length === 4 ? lease.readUInt32BE(0) : 0
  return {
    type,
    xid: message.readUInt32BE(4),
    address: textOf(message.subarray(16, 20)),
    server: textOf(server),
    leaseSeconds,
  }
}

/** @param {number | undefined} code */
function typeOf(code) {
  if (code === types.offer) return 'offer'
  if (code === types.ack) return 'ack'
  return code === types.nak ? 'nak' : undefined
}

/** @param {Buffer} bytes */
function optionsOf(bytes) {
  /** @type {Map<number, Buffer>} */
  const options = new Map()
  for (let at = 0; at < bytes.length;) {
    const code = bytes[at] ?? codes.end
    const endsAt = code === codes.pad ? at + 1 : at + 2 + (bytes[at + 1] ?? 0)
    if (code === codes.end || endsAt > bytes.length) break
    options.set(code, bytes.subarray(at + 2, endsAt))
    at = endsAt
  }
  return options
}

/**
 * @param {number} code
 * @param {Buffer} value
 */
const option = (code, value) => Buffer.concat([Buffer.from([code, value.length]), value])

/**
 * Locally administered, and nobody's.
 * @param {string} client
 */
const macOf = (client) => Buffer.concat([Buffer.from([2]), createHash('sha256').update(client).digest().subarray(0, 5)])

/** @param {string} address */
const bytesOf = (address) => Buffer.from(address.split('.').map(Number))

/** @param {Buffer} bytes */
const textOf = (bytes) => bytes.join('.')
