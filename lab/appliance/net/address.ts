import { isIPv6 } from 'node:net'

/** The bytes of an IPv4 or IPv6 address, 4 or 16. Throws for what is neither. */
export function addressBytes(address: string): Buffer {
  if (isIPv6(address)) return Buffer.from(groupsOf(address).flatMap((group) => [group >> 8, group & 0xff]))
  const bytes = address.split('.').map(Number)
  if (bytes.length !== 4 || !bytes.every((byte) => byte >= 0 && byte <= 255)) {
    throw new RangeError(`expected an IP address, got ${address}`)
  }
  return Buffer.from(bytes)
}

/** An address without its prefix length. */
export function bare(cidr: string): string {
  return cidr.split('/')[0] ?? cidr
}

/** Whether an address (with or without prefix length) is one of IPv6. */
export function isInet6(address: string): boolean {
  return address.includes(':')
}

/** The link-local address that an interface makes of its MAC (EUI-64). */
export function linkLocalOf(mac: string): string {
  const bytes = mac.split(':').map((byte) => Number.parseInt(byte, 16))
  const [first = 0, ...rest] = bytes
  const eui = [first ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)]
  const groups = [0, 2, 4, 6].map((at) => (((eui[at] ?? 0) << 8) | (eui[at + 1] ?? 0)).toString(16))
  return `fe80::${groups.join(':')}`
}

// Eight numbers of 16 bits; a dotted end counts for two.
function groupsOf(address: string): number[] {
  const dotted = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => {
    return `${((Number(a) << 8) | Number(b)).toString(16)}:${((Number(c) << 8) | Number(d)).toString(16)}`
  })
  const [head = '', tail] = dotted.split('::')
  const left = numbersOf(head)
  if (tail === undefined) return left
  const right = numbersOf(tail)
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right]
}

function numbersOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}
