import type { Cable } from './cable.ts'

/** A cut of the path in both directions, in nanoseconds of wall time. */
export interface Cut {
  fromNs: bigint
  toNs: bigint
}

/** What nft can say: see `sayTime`. */
const grainNs = 512n

/** The nearest instant that a rule can name. */
export const atGrain = (ns: bigint): bigint => (ns / grainNs) * grainNs

/** Drops everything that arrives at the far end, or leaves it, within a cut by the kernel's own clock. Rules of earlier cuts go. */
export function setCuts(cable: Cable, cuts: readonly Cut[]): void {
  const windows = cuts.map(({ fromNs, toNs }) => `meta time >= ${sayTime(fromNs)} meta time < ${sayTime(toNs)} drop`)
  const chain = (hook: string) =>
    `chain ${hook} { type filter hook ${hook} priority -300; ip protocol { icmp, udp } jump cuts; }`
  const table = `table inet cut { chain cuts { ${windows.join('; ')}; }; ${chain('input')}; ${chain('output')}; }`
  cable.run('nft -f -', `table inet cut\ndelete table inet cut\n${table}\n`)
  const rules = cable.run('nft --debug=netlink list chain inet cut cuts')
  const wanted = cuts.flatMap(({ fromNs, toNs }) => [fromNs, toNs].map(words))
  if (!wanted.every((value) => rules.includes(value))) throw new Error('nft has set other times than it was told')
}

/**
 * nft takes whole seconds, and multiplies them by 10^9 in 64 bits: this is the number of seconds whose product wraps around to the wanted
 * nanosecond. 10^9 = 2^9 x 5^9, so every 512th nanosecond can be had.
 */
function sayTime(ns: bigint): bigint {
  const modulus = 2n ** 55n
  return ((ns / grainNs) * inverse(5n ** 9n, modulus)) % modulus
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [remainder, next] = [modulus, value]
  let [factor, nextFactor] = [0n, 1n]
  while (next > 0n) {
    const quotient = remainder / next
    ;[remainder, next] = [next, remainder - quotient * next]
    ;[factor, nextFactor] = [nextFactor, factor - quotient * nextFactor]
  }
  return ((factor % modulus) + modulus) % modulus
}

/** How nft shows a value that is compared in network order: two words, each as this machine reads it. */
function words(ns: bigint): string {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(ns)
  return [0, 4].map((at) => `0x${bytes.readUInt32LE(at).toString(16).padStart(8, '0')}`).join(' ')
}
