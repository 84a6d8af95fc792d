import type { Flavour, InterfaceConfig, VipConfig } from '../config.ts'
import type { OpenvpnClient } from '../services/service-config.ts'
import { oneLine } from './interfaces.ts'
import type { Section } from './section.ts'

/** What a tunnel may be bound to, and the keys that tunnels have as interfaces, by device. */
export type TunnelPlaces = {
  interfaces: readonly InterfaceConfig[]
  vips: readonly VipConfig[]
  vipsById: ReadonlyMap<string, VipConfig>
  keys: ReadonlyMap<string, string>
}

const protocols = new Map<string, OpenvpnClient['server']['protocol']>([
  ['UDP', 'udp4'],
  ['UDP4', 'udp4'],
  ['TCP', 'tcp4-client'],
  ['TCP4', 'tcp4-client'],
])

/** OpenVPN clients with TLS certificates; anything else is left out with a complaint. */
export function readOpenvpnClients(root: Section, places: TunnelPlaces, flavour: Flavour): OpenvpnClient[] {
  const found = root
    .at('openvpn')
    .all('openvpn-client')
    .filter((each) => !each.isOn('disable', flavour))
  return found.flatMap((each) => readClient(each, root, places) ?? [])
}

function readClient(section: Section, root: Section, places: TunnelPlaces): OpenvpnClient | undefined {
  const id = section.word('vpnid', /^\d{1,3}$/, 'a number')
  const host = section.address('server_addr')
  const port = section.whole('server_port', 1, 65_535)
  const protocol = section.known('protocol', protocols)
  const bound = readBinding(section, places)
  const material = readMaterial(section, root)
  if (id === undefined || host === undefined || port === undefined || protocol === undefined) return undefined
  if (bound === undefined || material === undefined) return undefined
  const device = `ovpnc${id}`
  const key = places.keys.get(device)
  const seconds = (name: string, usual: number) =>
    section.isSet(name) ? (section.whole(name, 1, 3600) ?? usual) : usual
  return {
    id,
    device,
    ...(key !== undefined && { key }),
    description: oneLine(section.text('description')),
    server: { host, port, protocol },
    ...bound,
    ...material,
    ignoresRoutes: section.isSet('route_no_pull'),
    keepalive: { intervalSeconds: seconds('keepalive_interval', 10), timeoutSeconds: seconds('keepalive_timeout', 60) },
  }
}

// An interface by its key, or a shared address: by pfSense's identifier, or as the address itself.
function readBinding(
  section: Section,
  { interfaces, vips, vipsById }: TunnelPlaces,
): Pick<OpenvpnClient, 'local' | 'carp'> | undefined {
  const name = section.text('interface')
  const vip = vipsById.get(name) ?? vips.find(({ address }) => address.split('/')[0] === name)
  if (vip !== undefined) return { local: vip.address.split('/')[0] ?? '', carp: { device: vip.device, vhid: vip.vhid } }
  const on = interfaces.find(({ key }) => key === name)
  if (on === undefined) return section.refuse('interface', 'an interface or a shared address')
  return on.address === 'dhcp' ? {} : { local: on.address.split('/')[0] ?? '' }
}

function readMaterial(
  section: Section,
  root: Section,
): Pick<OpenvpnClient, 'ca' | 'certificate' | 'privateKey' | 'ciphers' | 'digest'> | undefined {
  const ca = pemOf(root.all('ca'), section.text('caref'), 'crt')
  const certificate = pemOf(root.all('cert'), section.text('certref'), 'crt')
  const privateKey = pemOf(root.all('cert'), section.text('certref'), 'prv')
  const ciphers = section.isSet('data_ciphers')
    ? section.word('data_ciphers', /^[A-Z0-9:,-]+$/, 'ciphers')
    : 'AES-256-GCM'
  const digest = section.isSet('digest') ? section.word('digest', /^[A-Za-z0-9-]+$/, 'a digest') : 'SHA256'
  if (ca === undefined || certificate === undefined || privateKey === undefined) {
    return section.refuse('certref', 'certificates with their key in this file')
  }
  if (ciphers === undefined || digest === undefined) return undefined
  return { ca, certificate, privateKey, ciphers: ciphers.replaceAll(',', ':'), digest }
}

// Kept in base64.
function pemOf(sections: readonly Section[], id: string, name: string): string | undefined {
  const found = sections.find((each) => id !== '' && each.text('refid') === id)
  const text = Buffer.from(found?.text(name) ?? '', 'base64').toString()
  return text.startsWith('-----BEGIN ') ? text : undefined
}
