/** The network of an IPv4 address with prefix length: `10.0.1.2/24` is in `10.0.1.0/24`. */
export function networkOf(cidr: string): string {
  const [address = '0.0.0.0', bits = '32'] = cidr.split('/')
  const mask = Number(bits) === 0 ? 0 : (-1 << (32 - Number(bits))) >>> 0
  return `${fromNumber((toNumber(address) & mask) >>> 0)}/${bits}`
}

/** `255.255.255.0` of `10.0.1.2/24`. */
export function maskOf(cidr: string): string {
  const bits = Number(cidr.split('/')[1] ?? 32)
  return fromNumber(bits === 0 ? 0 : (-1 << (32 - bits)) >>> 0)
}

/** Whether an IPv4 address lies in a network. */
export function contains(cidr: string, address: string): boolean {
  return networkOf(cidr).split('/')[0] === networkOf(`${address}/${cidr.split('/')[1] ?? 32}`).split('/')[0]
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

function fromNumber(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.')
}
