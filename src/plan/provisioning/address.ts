/** The address without its prefix length. */
export const hostOf = (cidr: string): string => cidr.split('/')[0] ?? cidr

/** The prefix length of an address, like 24. */
export const prefixOf = (cidr: string): number => Number(cidr.split('/')[1] ?? 32)

/** Whether an IPv4 address lies in the subnet of another one with its prefix. */
export function contains(cidr: string, address: string): boolean {
  const size = 2 ** (32 - prefixOf(cidr))
  return Math.floor(numberOf(hostOf(cidr)) / size) === Math.floor(numberOf(hostOf(address)) / size)
}

/** The subnet that an address with its prefix lies in, like 10.102.0.0/24 of 10.102.0.2/24. */
export function subnetOf(cidr: string): string {
  const size = 2 ** (32 - prefixOf(cidr))
  return `${textOf(Math.floor(numberOf(hostOf(cidr)) / size) * size)}/${prefixOf(cidr)}`
}

/** The address that is `offset` above the first of the subnet of a CIDR. */
export const addressAt = (cidr: string, offset: number): string => textOf(numberOf(hostOf(subnetOf(cidr))) + offset)

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

function textOf(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.')
}
