import { z } from 'zod'

/** An IPv4 address, like 10.102.0.1. */
export const address = z.ipv4({ error: 'expected an IPv4 address, like 10.102.0.1' })
/** An IPv4 address with its prefix. */
export const cidr = z.cidrv4({ error: 'expected an IPv4 address with its prefix, like 10.102.0.2/24' })
/** An IPv6 address with its prefix. */
export const cidr6 = z.cidrv6({ error: 'expected an IPv6 address with its prefix, like 2001:db8::2/64' })
/** A unicast MAC address. */
const mac = z.string().regex(/^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/i, {
  error: 'expected a unicast MAC address, like bc:24:11:00:00:01',
})

/** An address with its prefix, or [IPv4, IPv6]. */
export const bothCidrs = z.union([cidr, z.tuple([cidr, cidr6])], {
  error: 'expected an address with its prefix, or [IPv4, IPv6]',
})

/** An address, or [IPv4, IPv6]. */
export const bothAddresses = z.union([address, z.tuple([address, z.ipv6()])], {
  error: 'expected an address, or [IPv4, IPv6]',
})

/** What a NIC of a topology has: an address, two of them, or one that is leased. */
export const nic = z.union(
  [cidr, z.tuple([cidr, cidr6]), z.strictObject({ dhcp: z.literal(true), mac: mac.optional() })],
  {
    error: 'expected an address with its prefix, [IPv4, IPv6], or { dhcp: true }',
  },
)

type Both = string | readonly [string, string]

/** The IPv4 one of what has one or both; undefined where it is leased or none. */
export const first4 = (value: Both | object | undefined): string | undefined =>
  typeof value === 'string' ? value : isPair(value) ? value[0] : undefined

/** The IPv6 one of what has both. */
export const first6 = (value: Both | object | undefined): string | undefined => (isPair(value) ? value[1] : undefined)

function isPair(value: unknown): value is readonly [string, string] {
  return Array.isArray(value)
}
