import type { ApplianceConfig } from '../../../config.ts'
import type { JsonObject } from '../../exchange.ts'
import type { Answer, Call, Routes } from './endpoint.ts'
import { gridAnswer } from './grid.ts'
import { type Nic, type NicAddress, parseIfconfig } from '../../ifconfig.ts'

/** The interfaces by their assignment. No action takes a link down. */
export const overviewRoutes: Routes = {
  'interfaces/overview/interfaces_info': { answer: interfacesInfo },
  'interfaces/overview/get_interface': { parameters: 1, answer: getInterface },
  'interfaces/overview/reload_interface': { parameters: 1, answer: reloadInterface },
  'interfaces/overview/export': { answer: async (call) => rowsOf(call) },
}

async function interfacesInfo(call: Call): Promise<Answer> {
  return gridAnswer(await rowsOf(call), call.fields)
}

async function getInterface(call: Call): Promise<Answer> {
  const row = (await rowsOf(call)).find(({ device }) => device === call.params[0])
  if (row === undefined) return { message: 'failed' }
  const described = Object.entries(row).map(([key, value]) => [key, { value, translated: key }] as const)
  return { message: Object.fromEntries(described) }
}

async function reloadInterface({ firewall, isPost, params: [identifier] }: Call): Promise<Answer> {
  const known = firewall.control.config.interfaces.some(({ key }) => key === identifier)
  if (!isPost || !known) return { message: 'failed' }
  const { status, output } = await firewall.run('configctl', ['interface', 'reconfigure', identifier ?? ''])
  return { message: status === 0 ? `${output.trim() || 'OK'}\n\n` : 'failed' }
}

async function rowsOf({ firewall }: Call): Promise<JsonObject[]> {
  const { interfaces, gateways } = firewall.control.config
  const nics = parseIfconfig((await firewall.run('ifconfig', [])).output)
  return nics.map((nic) => {
    const assigned = interfaces.find(({ device }) => device === nic.device)
    const ways = gateways.filter(({ device, address }) => device === nic.device && address !== undefined)
    return { ...rowOf(nic, assigned), gateways: ways.map(({ address = '' }) => address) }
  })
}

function rowOf(nic: Nic, assigned: ApplianceConfig['interfaces'][number] | undefined): JsonObject {
  const ipv4 = nic.inet.filter(({ isIPv6 }) => !isIPv6).map((each) => addressOf(nic, each))
  const ipv6 = nic.inet.filter(({ isIPv6 }) => isIPv6).map((each) => addressOf(nic, each))
  const isUp = nic.flags.includes('UP')
  return {
    flags: nic.flags.map((flag) => flag.toLowerCase()),
    macaddr: nic.mac,
    ipv4,
    ipv6,
    device: nic.device,
    mtu: nic.mtu,
    status: nic.status === 'no carrier' ? 'no carrier' : isUp ? 'up' : 'down',
    enabled: assigned !== undefined,
    identifier: assigned?.key ?? '',
    description: assigned?.description ?? 'Unassigned Interface',
    link_type: linkType(assigned?.address),
    addr4: ipv4[0]?.ipaddr ?? '',
    addr6: ipv6[0]?.ipaddr ?? '',
    routes: [],
    vlan_tag: null,
    config: assigned === undefined ? {} : { if: nic.device, descr: assigned.description, identifier: assigned.key },
  }
}

function addressOf({ carp }: Nic, { address, prefix, vhid }: NicAddress): JsonObject & { ipaddr: string } {
  const { status, advbase, advskew, peer, peer6 } = carp.find((each) => each.vhid === vhid) ?? {}
  const carpPart = { vhid, status, advbase, advskew, peer, peer6 }
  return { ipaddr: `${address}/${prefix}`, ...(vhid !== undefined && carpPart) }
}

function linkType(address: string | undefined): string {
  if (address === undefined) return 'none'
  return address === 'dhcp' ? 'dhcp' : 'static'
}
