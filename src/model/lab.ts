import { z } from 'zod'
import { nameSchema } from './name.ts'

const cidr = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, { error: 'expected an IPv4 address with its prefix, like 10.102.0.2/24' })
const address = z.string().regex(/^\d{1,3}(\.\d{1,3}){3}$/, { error: 'expected an IPv4 address, like 10.102.0.1' })
const mac = z
  .string()
  .regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i, { error: 'expected a MAC address, like bc:24:11:00:00:01' })

const nicSchema = z.union([cidr, z.strictObject({ dhcp: z.literal(true), mac: mac.optional() })], {
  error: 'expected an address with its prefix, or { dhcp: true }',
})

const machineSchema = z.strictObject({
  image: z.string().min(1),
  nics: z.record(nameSchema, nicSchema),
  gateway: address.optional(),
  dhcp: z.strictObject({ network: nameSchema, lease: address, router: address, dns: address }).optional(),
})

const vipSchema = z.strictObject({
  network: nameSchema,
  vhid: z.int().min(1).max(255),
  address: cidr,
  advbase: z.int().min(1).max(254).default(1),
  skew: z.record(nameSchema, z.int().min(0).max(254)),
  password: z.string().min(1),
})

/**
 * An extra, last NIC on every machine, for SSH and the firewalls' API. `dhcp`: addresses come from that network and are asked of
 * the guest agent. `via: node`: reached with SSH through the hypervisor's node.
 */
const managementSchema = z.strictObject({
  bridge: z.string().min(1),
  addresses: z.union([z.literal('dhcp'), z.record(nameSchema, cidr)], {
    error: 'expected dhcp, or an address with its prefix for each machine',
  }),
  via: z.literal('node').optional(),
})

/** The schema of a lab file; `examples/lab.yaml` shows its shape. */
export const labSchema = z.strictObject({
  lab: nameSchema,
  source: z.string().optional(),
  networks: z.record(nameSchema, z.strictObject({ vlan: z.int().min(1).max(4094), subnet: cidr })),
  management: managementSchema.optional(),
  machines: z.record(nameSchema, machineSchema),
  pair: z.strictObject({
    primary: nameSchema,
    secondary: nameSchema,
    preempt: z.boolean().default(true),
    stateSync: z.strictObject({ network: nameSchema }).optional(),
    configSync: z.strictObject({ network: nameSchema, from: nameSchema }).optional(),
    wanHook: z.boolean().default(false),
    vips: z.array(vipSchema).min(1),
  }),
})

export type Lab = z.output<typeof labSchema>
export type Vip = Lab['pair']['vips'][number]
