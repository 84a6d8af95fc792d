import { z } from 'zod'

const name = z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,39}$/, {
  error: 'expected a name of letters, digits and dashes that starts with a letter (at most 40)',
})
const cidr = z.cidrv4({ error: 'expected an IPv4 address with its prefix, like 10.102.0.2/24' })
const address = z.ipv4({ error: 'expected an IPv4 address, like 10.102.0.1' })
const mac = z.string().regex(/^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/i, {
  error: 'expected a unicast MAC address, like bc:24:11:00:00:01',
})

const nicSchema = z.union([cidr, z.strictObject({ dhcp: z.literal(true), mac: mac.optional() })], {
  error: 'expected an address with its prefix, or { dhcp: true }',
})

const machineSchema = z.strictObject({
  image: z.string().min(1),
  nics: z.record(name, nicSchema),
  gateway: address.optional(),
  dhcp: z.strictObject({ network: name, lease: address, router: address, dns: address }).optional(),
})

const vipSchema = z.strictObject({
  network: name,
  vhid: z.int().min(1).max(255),
  address: cidr,
  advbase: z.int().min(1).max(254).default(1),
  skew: z.record(name, z.int().min(0).max(254)).default({}),
  password: z.string().min(1),
})

const pairSchema = z.strictObject({
  primary: name,
  secondary: name,
  preempt: z.boolean().default(true),
  stateSync: z.strictObject({ network: name }).optional(),
  configSync: z.strictObject({ network: name, from: name }).optional(),
  wanHook: z.boolean().default(false),
  vips: z.array(vipSchema).min(1),
})

/** A lab as the embedded hypervisor builds it: networks, machines in VMID order, and the pair (absent in a lab without firewalls). */
export const topologySchema = z
  .strictObject({
    lab: name,
    source: z.string().optional(),
    networks: z.record(name, z.strictObject({ vlan: z.int().min(1).max(4094), subnet: cidr })),
    management: z.strictObject({ bridge: z.string(), addresses: z.literal('dhcp') }).optional(),
    machines: z.record(name, machineSchema),
    pair: pairSchema.optional(),
  })
  .superRefine((topology, context) => {
    for (const { path, kind, value } of references(topology)) {
      const known = Object.keys(kind === 'network' ? topology.networks : topology.machines)
      if (known.includes(value)) continue
      context.addIssue({ code: 'custom', path, message: `expected a ${kind} (${known.join(', ')}), got ${value}` })
    }
  })

export type Topology = z.output<typeof topologySchema>
export type Machine = Topology['machines'][string]
export type Pair = NonNullable<Topology['pair']>

type Reference = { path: (string | number)[]; kind: 'network' | 'machine'; value: string }
type Unchecked = Pick<Topology, 'machines' | 'pair'>

function references({ machines, pair }: Unchecked): Reference[] {
  const found: Reference[] = []
  for (const [machine, { nics, dhcp }] of Object.entries(machines)) {
    for (const value of Object.keys(nics)) found.push({ path: ['machines', machine, 'nics'], kind: 'network', value })
    if (dhcp) found.push({ path: ['machines', machine, 'dhcp', 'network'], kind: 'network', value: dhcp.network })
  }
  return pair ? [...found, ...pairReferences(pair)] : found
}

function pairReferences(pair: Pair): Reference[] {
  const found: Reference[] = [
    { path: ['pair', 'primary'], kind: 'machine', value: pair.primary },
    { path: ['pair', 'secondary'], kind: 'machine', value: pair.secondary },
  ]
  if (pair.stateSync) found.push({ path: ['pair', 'stateSync'], kind: 'network', value: pair.stateSync.network })
  if (pair.configSync) {
    found.push({ path: ['pair', 'configSync'], kind: 'network', value: pair.configSync.network })
    found.push({ path: ['pair', 'configSync', 'from'], kind: 'machine', value: pair.configSync.from })
  }
  pair.vips.forEach((vip, index) => {
    found.push({ path: ['pair', 'vips', index, 'network'], kind: 'network', value: vip.network })
    for (const value of Object.keys(vip.skew))
      found.push({ path: ['pair', 'vips', index, 'skew'], kind: 'machine', value })
  })
  return found
}
