import { createHash } from 'node:crypto'
import {
  type ApplianceConfig,
  type Defect,
  defects,
  type InterfaceConfig,
  type VipConfig,
} from '../appliance/config.ts'
import { commands } from '../appliance/commands/registry.ts'
import { renderWrapper } from '../appliance/commands/wrapper.ts'
import type { Pair } from '../topologies/topology.ts'
import type { ImageFile, ImageInput, RenderedImage } from './image.ts'

const nicPrefix = 'vtnet'

// sh stays the first process: it reaps orphans, and a machine whose firewall has crashed can still be looked at.
const boot = `# runs as the first process of the firewall
sh /etc/firedrill/console &
/opt/firedrill/bin/node /opt/firedrill/appliance/main.ts >>/var/log/appliance.log 2>&1
wait
`

/** An OPNsense node of the pair (image `opnsense-<release>`). Throws when the topology has no pair or an unknown defect. */
export function renderFirewall(input: ImageInput): RenderedImage {
  const wrappers = Object.keys(commands).map((name): [string, ImageFile] => {
    return [`/usr/local/sbin/${name}`, { content: renderWrapper(name), mode: 0o755 }]
  })
  return {
    nicPrefix,
    files: {
      '/conf/appliance.json': { content: `${JSON.stringify(describe(input), null, 2)}\n`, mode: 0o600 },
      '/etc/firedrill/boot': { content: boot },
      ...Object.fromEntries(wrappers),
    },
  }
}

function describe({ name, machine, topology, reveal, defects: wanted }: ImageInput): ApplianceConfig {
  const { pair } = topology
  if (pair === undefined) throw new Error(`${name}: expected a pair in the topology of a firewall, found none`)
  return {
    hostName: name,
    hostId: createHash('sha256').update(`${topology.lab}/${name}`).digest('hex').slice(0, 8),
    release: machine.image.replace(/^opnsense-/, ''),
    interfaces: describeInterfaces({ name, machine, topology }),
    vips: pair.vips.map((vip) => describeVip(vip, { name, machine }, reveal)),
    preempt: pair.preempt,
    ...describePfsync({ name, machine, topology }, pair),
    wanHook: pair.wanHook,
    defects: wanted.map((each) => knownDefect(name, each)),
  }
}

function describeInterfaces({
  name,
  machine,
  topology,
}: Pick<ImageInput, 'name' | 'machine' | 'topology'>): InterfaceConfig[] {
  return Object.entries(machine.nics).map(([network, nic], index) => {
    const common = { key: keyOf(network, index), description: network.toUpperCase(), device: `${nicPrefix}${index}` }
    if (typeof nic === 'string') return { ...common, address: nic }
    const subnet = topology.networks[network]?.subnet
    if (subnet === undefined) throw new Error(`${name}: expected a network of the topology, found ${network}`)
    return { ...common, address: 'dhcp', ownAddress: ownAddress(subnet, machine.nics) }
  })
}

// The node's number on its other networks, in the leased network: 10.102.0.2 and 10.101.0.0/24 make 10.101.0.2/24.
function ownAddress(subnet: string, nics: ImageInput['machine']['nics']): string {
  const [network = '', prefix = '24'] = subnet.split('/')
  const fixed = Object.values(nics).find((nic) => typeof nic === 'string') ?? '0.0.0.1/24'
  const host = fixed.split('/')[0]?.split('.')[3] ?? '1'
  return `${network.split('.').slice(0, 3).join('.')}.${host}/${prefix}`
}

function keyOf(network: string, index: number): string {
  return network === 'wan' || network === 'lan' ? network : `opt${index}`
}

function describeVip(
  vip: Pair['vips'][number],
  { name, machine }: Pick<ImageInput, 'name' | 'machine'>,
  reveal: ImageInput['reveal'],
): VipConfig {
  const { vhid, address, advbase } = vip
  const device = deviceOn(machine, vip.network)
  if (device === undefined) throw new Error(`${name}: expected a NIC on ${vip.network} for VHID ${vhid}, found none`)
  const password = reveal(vip.password)
  return {
    device,
    vhid,
    address,
    advbase,
    advskew: vip.skew[name] ?? 0,
    password,
    description: `${vip.network.toUpperCase()} VIP`,
  }
}

function describePfsync(
  { name, machine, topology }: Pick<ImageInput, 'name' | 'machine' | 'topology'>,
  pair: Pair,
): Pick<ApplianceConfig, 'pfsync'> {
  if (pair.stateSync === undefined) return {}
  const { network } = pair.stateSync
  const device = deviceOn(machine, network)
  const peerName = name === pair.primary ? pair.secondary : pair.primary
  const peer = topology.machines[peerName]?.nics[network]
  if (device === undefined || typeof peer !== 'string') {
    throw new Error(`${name}: expected both firewalls with a fixed address on ${network} for state sync`)
  }
  return { pfsync: { device, peer: peer.split('/')[0] ?? peer } }
}

function deviceOn(machine: ImageInput['machine'], network: string): string | undefined {
  const index = Object.keys(machine.nics).indexOf(network)
  return index === -1 ? undefined : `${nicPrefix}${index}`
}

function knownDefect(name: string, wanted: string): Defect {
  const found = defects.find((each) => each === wanted)
  if (found === undefined) throw new Error(`${name}: expected a defect of ${defects.join(', ')}, got ${wanted}`)
  return found
}
