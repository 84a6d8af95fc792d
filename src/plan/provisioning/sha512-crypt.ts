import { createHash } from 'node:crypto'

const rounds = 5000
const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * `crypt(3)` with SHA-512 (`$6$`), in which OPNsense keeps passwords and API secrets: their check accepts every crypt format.
 * The specification is Ulrich Drepper's "Unix crypt using SHA-256 and SHA-512". `salt`: up to 16 characters.
 */
export function sha512Crypt(password: string, salt: string): string {
  const key = Buffer.from(password)
  const saltBytes = Buffer.from(salt.slice(0, 16))
  const first = startOf(key, saltBytes)
  const p = stretched(sha512(...repeated(key, key.length)), key.length)
  const s = stretched(sha512(...repeated(saltBytes, 16 + (first[0] ?? 0))), saltBytes.length)
  let digest = first
  for (let round = 0; round < rounds; round++) {
    const odd = round % 2 === 1
    digest = sha512(
      odd ? p : digest,
      round % 3 === 0 ? Buffer.alloc(0) : s,
      round % 7 === 0 ? Buffer.alloc(0) : p,
      odd ? digest : p,
    )
  }
  return `$6$${saltBytes.toString()}$${encoded(digest)}`
}

function startOf(key: Buffer, salt: Buffer): Buffer {
  const alternate = sha512(key, salt, key)
  const parts = [key, salt, stretched(alternate, key.length)]
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push(bits % 2 === 1 ? alternate : key)
  return sha512(...parts)
}

function sha512(...parts: Buffer[]): Buffer {
  const hash = createHash('sha512')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function repeated(part: Buffer, times: number): Buffer[] {
  return Array.from({ length: times }, () => part)
}

function stretched(digest: Buffer, length: number): Buffer {
  return Buffer.concat(repeated(digest, Math.ceil(length / digest.length) || 1)).subarray(0, length)
}

/** Three bytes of the digest at a time, in the order that the specification scatters them, as four characters, low bits first. */
function encoded(digest: Buffer): string {
  const byte = (index: number) => digest[index] ?? 0
  const groups = Array.from({ length: 21 }, (_, group) => {
    const trio = [group, group + 21, group + 42]
    const turn = group % 3
    const [a = 0, b = 0, c = 0] = [...trio.slice(turn), ...trio.slice(0, turn)]
    return characters((byte(a) << 16) | (byte(b) << 8) | byte(c), 4)
  })
  return [...groups, characters(byte(63), 2)].join('')
}

function characters(value: number, count: number): string {
  return Array.from({ length: count }, (_, at) => alphabet[(value >> (6 * at)) & 63]).join('')
}
