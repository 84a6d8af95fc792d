import { z } from 'zod'

const v4 = String.raw`\d{1,3}(?:\.\d{1,3}){3}`

/** An IPv4 address, like 10.102.0.1. */
export const addressSchema = z
  .string()
  .regex(new RegExp(`^${v4}$`), { error: 'expected an IPv4 address, like 10.102.0.1' })

/** An IPv6 address, like 2001:db8::1. */
const address6Schema = z.ipv6({ error: 'expected an IPv6 address, like 2001:db8::1' })

/** An IPv4 address with its prefix. */
export const cidrSchema = z.string().regex(new RegExp(String.raw`^${v4}/\d{1,2}$`), {
  error: 'expected an IPv4 address with its prefix, like 10.102.0.2/24',
})

/** An IPv6 address with its prefix. */
export const cidr6Schema = z.cidrv6({ error: 'expected an IPv6 address with its prefix, like 2001:db8::2/64' })

/** Two IPv4 addresses, the first and the last of a range. */
export const rangeSchema = z.string().regex(new RegExp(`^${v4}-${v4}$`), {
  error: 'expected a first and a last IPv4 address, like 10.102.0.10-10.102.0.99',
})

/** A MAC address. */
export const macSchema = z
  .string()
  .regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i, { error: 'expected a MAC address, like bc:24:11:00:00:01' })

/** An IPv4 one, or a list of it and an IPv6 one. */
export const bothCidrs = z.union([cidrSchema, z.tuple([cidrSchema, cidr6Schema])], {
  error: 'expected an address with its prefix, or [IPv4, IPv6]',
})

/** An IPv4 one, or a list of it and an IPv6 one. */
export const bothAddresses = z.union([addressSchema, z.tuple([addressSchema, address6Schema])], {
  error: 'expected an address, or [IPv4, IPv6]',
})
