import { z } from 'zod'
import { address, bothAddresses, bothCidrs, cidr, cidr6, nic } from './addresses.ts'

const name = z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,39}$/, {
  error: 'expected a name of letters, digits and dashes that starts with a letter (at most 40)',
})

const machineSchema = z.strictObject({
  image: z.string().min(1),
  node: z.union([z.literal(1), z.literal(2)]).optional(),
  nics: z.record(name, nic),
  gateway: bothAddresses.optional(),
  dhcp: z.strictObject({ network: name, lease: address, router: address, dns: address }).optional(),
  vpn: z.strictObject({ tunnel: cidr, port: z.int().min(1).max(65_535).default(1194) }).optional(),
})

const vipSchema = z.strictObject({
  network: name,
  vhid: z.int().min(1).max(255),
  address: z.union([cidr, cidr6], { error: 'expected an address with its prefix, like 10.102.0.1/24' }),
  advbase: z.int().min(1).max(254).default(1),
  skew: z.record(name, z.int().min(0).max(254)).default({}),
  password: z.string().min(1),
})

/** What of a pair only the harness reads: it writes it into the firewalls' configuration. */
const configured = {
  gateways: z.array(z.unknown()).optional(),
  dhcp: z.array(z.unknown()).optional(),
  forwards: z.array(z.unknown()).optional(),
  vpn: z.unknown().optional(),
  syslog: name.optional(),
  dns: name.optional(),
}

const pairSchema = z.strictObject({
  primary: name,
  secondary: name,
  preempt: z.boolean().default(true),
  stateSync: z.strictObject({ network: name }).optional(),
  configSync: z.strictObject({ network: name, from: name, items: z.array(z.string()).optional() }).optional(),
  wanHook: z.boolean().default(false),
  vips: z.array(vipSchema).min(1),
  ...configured,
})

const networkSchema = z.strictObject({
  vlan: z.int().min(1).max(4094).optional(),
  vxlan: z.int().min(1).max(999_999).optional(),
  subnet: bothCidrs,
})

/** A lab as the embedded hypervisor builds it: networks, machines in VMID order, and the pair (absent in a lab without firewalls). */
export const topologySchema = z
  .strictObject({
    lab: name,
    source: z.string().optional(),
    note: z.string().optional(),
    networks: z.record(name, networkSchema),
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
