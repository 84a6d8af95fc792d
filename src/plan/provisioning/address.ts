type Both = string | readonly [string, string]

/** The IPv4 one of what a lab file gives as one or as [IPv4, IPv6]; null where there is none, or DHCP brings it. */
export function first4(value: Both | object | undefined): string | null {
  if (typeof value === 'string') return value
  return isBoth(value) ? value[0] : null
}

/** The IPv6 one of what a lab file gives as [IPv4, IPv6]; null where it gives none. */
export const first6 = (value: Both | object | undefined): string | null => (isBoth(value) ? value[1] : null)

function isBoth(value: unknown): value is readonly [string, string] {
  return Array.isArray(value)
}

/** Whether an address is one of IPv6. */
export const isIpv6 = (address: string): boolean => address.includes(':')

/** The address without its prefix length. */
export const hostOf = (cidr: string): string => cidr.split('/')[0] ?? cidr

/** The prefix length of an address, like 24; that of a single one where it names none. */
export const prefixOf = (cidr: string): number => Number(cidr.split('/')[1] ?? bitsOf(cidr))

/** Whether an address lies in the subnet of another one with its prefix; never where one is IPv4 and the other IPv6. */
export function contains(cidr: string, address: string): boolean {
  if (isIpv6(cidr) !== isIpv6(address)) return false
  const shift = BigInt(bitsOf(cidr) - prefixOf(cidr))
  return numberOf(cidr) >> shift === numberOf(address) >> shift
}

/** The subnet that an address with its prefix lies in, like 10.102.0.0/24 of 10.102.0.2/24. */
export function subnetOf(cidr: string): string {
  const shift = BigInt(bitsOf(cidr) - prefixOf(cidr))
  return `${textOf((numberOf(cidr) >> shift) << shift, isIpv6(cidr))}/${prefixOf(cidr)}`
}

/** The netmask of an IPv4 address with its prefix, like 255.255.255.0. */
export const maskOf = (cidr: string): string => textOf((1n << 32n) - (1n << BigInt(32 - prefixOf(cidr))), false)

const bitsOf = (cidr: string): number => (isIpv6(cidr) ? 128 : 32)

function numberOf(cidr: string): bigint {
  const address = hostOf(cidr)
  if (!isIpv6(address)) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)
  return groupsOf(address).reduce((sum, group) => sum * 65_536n + BigInt(group), 0n)
}

/** The eight groups of an IPv6 address as numbers. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)))
  const [before, after] = [groups(head), groups(tail ?? '')]
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
}

function textOf(value: bigint, is6: boolean): string {
  const part = (shift: number, size: bigint) => (value >> BigInt(shift)) % size
  if (!is6) return [24, 16, 8, 0].map((shift) => part(shift, 256n)).join('.')
  const groups = [112, 96, 80, 64, 48, 32, 16, 0].map((shift) => part(shift, 65_536n).toString(16))
  return groups.join(':').replace(/(^|:)0(:0)+(:|$)/, '::')
}
