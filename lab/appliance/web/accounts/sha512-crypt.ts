import { createHash, timingSafeEqual } from 'node:crypto'

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const usualRounds = 5000

/** Whether a password fits its hash (`$6$[rounds=N$]salt$digest`, crypt(3) with SHA-512). Anything that is no such hash fits nothing. */
export function fitsHash(password: string, hash: string): boolean {
  const parts = /^\$6\$(?:rounds=(\d{1,6})\$)?([^$]{0,16})\$([./0-9A-Za-z]{86})$/.exec(hash)
  if (parts === null) return false
  const rounds = parts[1] === undefined ? usualRounds : Math.max(1000, Number(parts[1]))
  const digest = digestOf(Buffer.from(password), Buffer.from(parts[2] ?? ''), rounds)
  return timingSafeEqual(Buffer.from(digest), Buffer.from(parts[3] ?? ''))
}

// Ulrich Drepper's "Unix crypt using SHA-256 and SHA-512".
function digestOf(key: Buffer, salt: Buffer, rounds: number): string {
  const first = startOf(key, salt)
  const p = stretch(sha512(...repeat(key, key.length)), key.length)
  const s = stretch(sha512(...repeat(salt, 16 + (first[0] ?? 0))), salt.length)
  let digest = first
  for (let round = 0; round < rounds; round += 1) {
    const isOdd = round % 2 === 1
    const middle = [...(round % 3 === 0 ? [] : [s]), ...(round % 7 === 0 ? [] : [p])]
    digest = sha512(isOdd ? p : digest, ...middle, isOdd ? digest : p)
  }
  return encode(digest)
}

function startOf(key: Buffer, salt: Buffer): Buffer {
  const alternate = sha512(key, salt, key)
  const parts = [key, salt, stretch(alternate, key.length)]
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push(bits % 2 === 1 ? alternate : key)
  return sha512(...parts)
}

function sha512(...parts: Buffer[]): Buffer {
  const hash = createHash('sha512')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function repeat(part: Buffer, times: number): Buffer[] {
  return Array.from({ length: times }, () => part)
}

function stretch(digest: Buffer, length: number): Buffer {
  return Buffer.concat(repeat(digest, Math.ceil(length / digest.length) || 1)).subarray(0, length)
}

// Three scattered bytes at a time become four characters, low bits first; the last byte stands alone.
function encode(digest: Buffer): string {
  const byte = (index: number): number => digest[index] ?? 0
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
