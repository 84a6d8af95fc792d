/**
 * What a UDP probe carries: the key of its stream and its number (8 bytes, of which the upper two stay 0). The reflector appends how many
 * it has answered on that key.
 */

const keyBytes = 16
const numberBytes = 8
export const payloadBytes = 64

/**
 * A payload of the stream; its number is still to be set.
 * @param {Buffer} key
 */
export function payloadOf(key) {
  const payload = Buffer.alloc(payloadBytes)
  payload.set(key)
  return payload
}

/**
 * @param {Buffer} payload
 * @param {number} seq
 */
export function setNumber(payload, seq) {
  payload.writeUIntBE(seq, keyBytes + 2, 6)
}

/**
 * The number of the probe that was answered, and the reflector's count; null where it is no answer to this stream.
 * @param {Buffer} answer
 * @param {number} length
 * @param {Buffer} key
 */
export function numbersIn(answer, length, key) {
  if (length !== payloadBytes + numberBytes || key.compare(answer, 0, keyBytes) !== 0) return null
  return { seq: answer.readUIntBE(keyBytes + 2, 6), reflected: answer.readUIntBE(payloadBytes + 2, 6) }
}
