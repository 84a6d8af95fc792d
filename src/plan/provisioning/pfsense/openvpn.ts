import { createHash } from 'node:crypto'
import { hostOf } from '../address.ts'
import type { Section } from '../firewall/section.ts'
import { addressOf, vipOn, withRole } from '../firewall/subject.ts'
import type { Subject } from '../firewall/subject.ts'

/** The tunnel as an interface of the firewall. `monitor` is the endpoint's address in it. */
export interface Tunnel {
  key: string
  device: string
  monitor: string
  endpoint: string
  port: number
}

/** The firewall's tunnel; null in a lab without VPN. */
export function tunnelOf(subject: Subject): Tunnel | null {
  const { lab, interfaces } = subject
  const { vpn } = lab.pair
  const offered = vpn === undefined ? undefined : lab.machines[vpn.endpoint]?.vpn
  if (vpn === undefined || offered === undefined) return null
  const optional = interfaces.filter(({ key }) => key.startsWith('opt')).length
  return {
    key: `opt${optional + 1}`,
    device: 'ovpnc1',
    monitor: hostOf(offered.tunnel),
    endpoint: addressOf(subject, vpn.endpoint),
    port: offered.port,
  }
}

const authority = { refid: 'f1ed0001', descr: 'firedrill VPN' }
const certificate = { refid: 'f1ed0002', descr: 'firedrill VPN client' }

/** OpenVPN client with its certificates. Bound to the shared WAN address, it runs on whichever node holds that. */
export function openvpnSections(subject: Subject): Section {
  const tunnel = tunnelOf(subject)
  const { vpn } = subject.material
  if (tunnel === null || vpn === undefined) return {}
  const { ca, client } = vpn
  return {
    ca: { ...authority, crt: base64(ca), serial: '0' },
    cert: {
      ...certificate,
      type: 'user',
      caref: authority.refid,
      crt: base64(client.certificate),
      prv: base64(client.key),
    },
    openvpn: { 'openvpn-client': clientSection(subject, tunnel) },
  }
}

function clientSection(subject: Subject, { endpoint, port }: Tunnel): Section {
  const wan = withRole(subject, 'wan')[0]
  const vip = wan === undefined ? undefined : vipOn(subject, wan.nic.network)
  return {
    vpnid: '1',
    mode: 'p2p_tls',
    protocol: 'UDP4',
    dev_mode: 'tun',
    interface: vip === undefined ? (wan?.key ?? 'wan') : `_vip${vipIdOf(vip)}`,
    server_addr: endpoint,
    server_port: String(port),
    caref: authority.refid,
    certref: certificate.refid,
    data_ciphers: 'AES-256-GCM',
    data_ciphers_fallback: 'AES-256-CBC',
    digest: 'SHA256',
    topology: 'subnet',
    route_no_pull: 'yes',
    ping_method: 'keepalive',
    keepalive_interval: '1',
    keepalive_timeout: '5',
    description: 'VPN',
  }
}

/** pfSense's identifier of a shared address, 13 hex digits. */
export const vipIdOf = ({ vhid, network }: { vhid: number; network: string }): string =>
  createHash('sha256').update(`${network}/${vhid}`).digest('hex').slice(0, 13)

const base64 = (text: string): string => Buffer.from(text).toString('base64')
