import { z } from 'zod'
import { addressSchema, bothAddresses, bothCidrs, cidr6Schema, cidrSchema, macSchema, rangeSchema } from './address.ts'
import { nameSchema } from './name.ts'

/** `vlan`: a tag on the nodes' trunk; `vxlan`: the key of a tunnel between the nodes. One of them. */
const networkSchema = z.strictObject({
  vlan: z.int().min(1).max(4094).optional(),
  vxlan: z.int().min(1).max(999_999).optional(),
  subnet: bothCidrs,
})

const nicSchema = z.union(
  [
    cidrSchema,
    z.tuple([cidrSchema, cidr6Schema]),
    z.strictObject({ dhcp: z.literal(true), mac: macSchema.optional() }),
  ],
  { error: 'expected an address with its prefix, [IPv4, IPv6], or { dhcp: true }' },
)

const machineSchema = z.strictObject({
  image: z.string().min(1),
  /** The hypervisor's node that it lives on: the first where absent. */
  node: z.union([z.literal(1), z.literal(2)], { error: 'expected node 1 or 2' }).optional(),
  nics: z.record(nameSchema, nicSchema),
  gateway: bothAddresses.optional(),
  /** What a provider leases, and to whom: one address. */
  dhcp: z
    .strictObject({ network: nameSchema, lease: addressSchema, router: addressSchema, dns: addressSchema })
    .optional(),
  /** What a VPN endpoint offers: its own address in the tunnel. */
  vpn: z.strictObject({ tunnel: cidrSchema, port: z.int().min(1).max(65_535).default(1194) }).optional(),
})

const vipSchema = z.strictObject({
  network: nameSchema,
  vhid: z.int().min(1).max(255),
  address: z.union([cidrSchema, cidr6Schema], { error: 'expected an address with its prefix, like 10.102.0.1/24' }),
  advbase: z.int().min(1).max(254).default(1),
  skew: z.record(nameSchema, z.int().min(0).max(254)),
  password: z.string().min(1),
})

/** A way out of the firewalls. `monitor`: what is pinged through it; `tier`: its place in the group of all that have one. */
const gatewaySchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,30}$/, { error: 'expected a gateway name, like WAN_PRIMARY' }),
  network: nameSchema,
  address: addressSchema,
  monitor: addressSchema.optional(),
  tier: z.int().min(1).max(5).optional(),
})

/** The firewalls as DHCP servers of a network. `delay`: seconds that a firewall waits before it answers. */
const dhcpServerSchema = z.strictObject({
  network: nameSchema,
  ranges: z.record(nameSchema, rangeSchema),
  delay: z.record(nameSchema, z.int().min(1).max(60)).optional(),
})

/** A port of the shared address on `network` that leads to a port of a machine inside, like `client:22`. */
const forwardSchema = z.strictObject({
  network: nameSchema,
  protocol: z.enum(['tcp', 'udp']).default('tcp'),
  port: z.int().min(1).max(65_535),
  to: z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]*:\d{1,5}$/, { error: 'expected a machine and its port, like client:22' }),
})

/** Parts of the configuration that go from one firewall to the other. */
const syncItems = z.enum([
  'aliases',
  'certificates',
  'dhcp',
  'dns',
  'gateways',
  'ipsec',
  'nat',
  'openvpn',
  'routes',
  'rules',
  'schedules',
  'shaper',
  'users',
  'vips',
  'wol',
])

const configSyncSchema = z.strictObject({ network: nameSchema, from: nameSchema, items: z.array(syncItems).optional() })

/**
 * An extra, last NIC on every machine, for SSH and the firewalls' API. `dhcp`: addresses come from that network and are asked of
 * the guest agent. `via: node`: reached with SSH through the hypervisor's node.
 */
const managementSchema = z.strictObject({
  bridge: z.string().min(1),
  addresses: z.union([z.literal('dhcp'), z.record(nameSchema, cidrSchema)], {
    error: 'expected dhcp, or an address with its prefix for each machine',
  }),
  via: z.literal('node').optional(),
})

/** The schema of a lab file; `lab/topologies` has examples. */
export const labSchema = z.strictObject({
  lab: nameSchema,
  source: z.string().optional(),
  /** What a reader of a report has to know of the lab, in one sentence: it is in every report. */
  note: z.string().min(1).optional(),
  networks: z.record(nameSchema, networkSchema),
  management: managementSchema.optional(),
  machines: z.record(nameSchema, machineSchema),
  pair: z.strictObject({
    primary: nameSchema,
    secondary: nameSchema,
    preempt: z.boolean().default(true),
    stateSync: z.strictObject({ network: nameSchema }).optional(),
    configSync: configSyncSchema.optional(),
    wanHook: z.boolean().default(false),
    vips: z.array(vipSchema).min(1),
    gateways: z.array(gatewaySchema).optional(),
    dhcp: z.array(dhcpServerSchema).optional(),
    forwards: z.array(forwardSchema).optional(),
    /** The endpoint of the firewalls' tunnel, and the machines that may leave through it only. */
    vpn: z.strictObject({ endpoint: nameSchema, for: z.array(nameSchema).min(1) }).optional(),
    /** The machine that collects the firewalls' logs, on UDP 514. */
    syslog: nameSchema.optional(),
    /** The machine that the firewalls ask for names. */
    dns: nameSchema.optional(),
  }),
})

export type Lab = z.output<typeof labSchema>
export type Vip = Lab['pair']['vips'][number]
