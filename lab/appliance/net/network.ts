import { addressBytes, isInet6 } from './address.ts'

/** The network of an address with prefix length, of either family: `10.0.1.2/24` is in `10.0.1.0/24`. */
export function networkOf(cidr: string): string {
  const [address = '', bits = ''] = cidr.split('/')
  const bytes = addressBytes(address).map((byte, at) => byte & maskByte(Number(bits), at))
  return `${textOf(Buffer.from(bytes))}/${bits}`
}

/** `255.255.255.0` of `10.0.1.2/24`. */
export function maskOf(cidr: string): string {
  const bits = Number(cidr.split('/')[1])
  return [0, 1, 2, 3].map((at) => maskByte(bits, at)).join('.')
}

/** Whether an address lies in a network (or in that of an address with prefix length). */
export function contains(cidr: string, address: string): boolean {
  const bits = cidr.split('/')[1] ?? ''
  return isInet6(cidr) === isInet6(address) && networkOf(cidr) === networkOf(`${address}/${bits}`)
}

function maskByte(bits: number, at: number): number {
  const left = Math.min(8, Math.max(0, bits - 8 * at))
  return (0xff << (8 - left)) & 0xff
}

// IPv6 in full groups: programs read them as well as shortened ones.
function textOf(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join('.')
  return Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16)).join(':')
}
