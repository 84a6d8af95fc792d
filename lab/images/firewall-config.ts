import type { XmlValue } from '../appliance/configuration/xml-text.ts'
import { first4 } from '../topologies/addresses.ts'
import type { Pair } from '../topologies/topology.ts'
import type { ImageInput } from './image.ts'

type Section = { [name: string]: XmlValue | readonly XmlValue[] }
type Node = Pick<ImageInput, 'name' | 'machine' | 'topology'>

/** What a template of a product knows: WAN by DHCP, LAN at the vendor's usual address. */
export const factoryConfigs = { opnsense: factoryConfig('OPNsense'), pfsense: factoryConfig('pfSense') }

function factoryConfig(hostname: string): Section {
  return {
    system: { hostname, domain: hostname === 'pfSense' ? 'home.arpa' : 'localdomain' },
    interfaces: {
      wan: { enable: '1', if: 'vtnet0', descr: 'WAN', ipaddr: 'dhcp' },
      lan: { enable: '1', if: 'vtnet1', descr: 'LAN', ipaddr: '192.168.1.1', subnet: '24' },
    },
  }
}

/** The config.xml of one node of a topology's pair, as far as the lab's firewall reads it. Contains the pair's secrets. */
export function describeFirewall({ name, machine, topology, reveal }: ImageInput): Section {
  const { pair } = topology
  if (pair === undefined) throw new Error(`${name}: expected a pair in the topology of a firewall, found none`)
  const node = { name, machine, topology }
  return {
    firedrill: { wanhook: pair.wanHook ? '1' : '0' },
    system: { hostname: name, domain: 'localdomain' },
    interfaces: Object.fromEntries(
      Object.keys(machine.nics).map((network) => [keyOn(node, network), describe(node, network)]),
    ),
    virtualip: { vip: pair.vips.map((vip) => describeVip(vip, node, reveal)) },
    hasync: { disablepreempt: pair.preempt ? '0' : '1', ...describePfsync(node, pair) },
  }
}

function describe({ machine }: Node, network: string): Section {
  const nic = first4(machine.nics[network])
  const index = Object.keys(machine.nics).indexOf(network)
  const common = { enable: '1', if: `vtnet${index}`, descr: network.toUpperCase() }
  if (nic === undefined) return { ...common, ipaddr: 'dhcp' }
  const [ipaddr = '', subnet = ''] = nic.split('/')
  return { ...common, ipaddr, subnet }
}

function describeVip(vip: Pair['vips'][number], node: Node, reveal: ImageInput['reveal']): Section {
  const { machine, name } = node
  if (machine.nics[vip.network] === undefined) {
    throw new Error(`${name}: expected a NIC on ${vip.network} for VHID ${vip.vhid}, found none`)
  }
  const [subnet = '', bits = ''] = vip.address.split('/')
  return {
    interface: keyOn(node, vip.network),
    mode: 'carp',
    subnet,
    subnet_bits: bits,
    vhid: String(vip.vhid),
    advbase: String(vip.advbase),
    advskew: String(vip.skew[name] ?? 0),
    password: reveal(vip.password),
    descr: `${vip.network.toUpperCase()} VIP`,
  }
}

function describePfsync(node: Node, pair: Pair): Section {
  if (pair.stateSync === undefined) return {}
  const { network } = pair.stateSync
  const peerName = node.name === pair.primary ? pair.secondary : pair.primary
  const peer = first4(node.topology.machines[peerName]?.nics[network])
  if (node.machine.nics[network] === undefined || peer === undefined) {
    throw new Error(`${node.name}: expected both firewalls with a fixed address on ${network} for state sync`)
  }
  return { pfsyncenabled: 'on', pfsyncinterface: keyOn(node, network), pfsyncpeerip: peer.split('/')[0] ?? peer }
}

/** OPNsense's identifier of the interface on a network: wan, lan, and opt1, opt2, ... for the others in their order. */
function keyOn({ machine }: Node, network: string): string {
  if (network === 'wan' || network === 'lan') return network
  const others = Object.keys(machine.nics).filter((each) => each !== 'wan' && each !== 'lan')
  return `opt${others.indexOf(network) + 1}`
}
