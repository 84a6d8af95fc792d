import type { SystemConfig } from '../config.ts'

/** What a firewall does that knows nothing of itself: OPNsense's factory configuration on the lab's order of NICs. */
export const defaultConfig: SystemConfig = {
  hostName: 'OPNsense',
  domain: 'localdomain',
  hostId: '00000000',
  interfaces: [
    { key: 'wan', description: 'WAN', device: 'vtnet0', address: 'dhcp' },
    { key: 'lan', description: 'LAN', device: 'vtnet1', address: '192.168.1.1/24' },
  ],
  vips: [],
  preempt: true,
  wanHook: false,
  gateways: [],
  gatewayGroups: [],
  defaultGateways: { inet: [], inet6: [] },
  skipRulesWithoutGateway: false,
  outbound: { isAutomatic: true, rules: [] },
  forwards: [],
  dhcpServers: [],
  dns: { enabled: false, forwarders: [] },
  syslog: [],
  openvpnClients: [],
  tunables: {},
  webgui: { protocol: 'https', port: 443 },
  sshServer: false,
  authorizedKeys: [],
}
