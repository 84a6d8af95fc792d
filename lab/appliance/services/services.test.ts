import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ApplianceConfig } from '../config.ts'
import { readConfigXml } from '../configuration/config-xml.ts'
import { renderDhcpd } from './dhcpd-config.ts'
import { parseDhcpdLeases } from './dhcpd-leases.ts'
import { renderDnsmasq } from './dnsmasq-config.ts'
import { renderOpenvpnConfig } from './openvpn-config.ts'
import { formatMessage } from './syslog.ts'

describe('dnsmasq', () => {
  it('leases from the range of its node, with the shared address as router, and waits where the node is the backup', () => {
    const lines = renderDnsmasq(read('opnsense'))?.split('\n')
    expect(lines).toContain('dhcp-range=set:lan,192.168.1.180,192.168.1.199,255.255.255.0,1h')
    expect(lines).toContain('dhcp-option=tag:lan,3,192.168.1.254')
    expect(lines).toContain('dhcp-option=tag:lan,6,192.168.1.254')
    expect(lines).toContain('dhcp-reply-delay=tag:lan,5')
    expect(lines).toContain('no-dhcp-interface=carp2.1')
  })

  it('answers names at the shared addresses too, but nobody outside', () => {
    const lines = renderDnsmasq({ ...read('opnsense'), dns: { enabled: true, forwarders: ['198.51.100.10'] } })?.split(
      '\n',
    )
    expect(lines?.filter((line) => line.startsWith('interface='))).toEqual([
      'interface=vtnet1',
      'interface=carp2.1',
      'interface=carp4.1',
      'interface=vtnet2',
    ])
    expect(lines).toContain('server=198.51.100.10')
    expect(lines).not.toContain('port=0')
  })

  it('leaves leases to the other server on pfSense, and has nothing to do without both', () => {
    expect(renderDnsmasq(read('pfsense'))).not.toContain('dhcp-range')
    expect(renderDnsmasq({ ...read('pfsense'), dns: { enabled: false, forwarders: [] } })).toBeUndefined()
  })
})

describe("pfSense's DHCP server", () => {
  it('shares its leases with the other node: the one with the lower skew is the primary', () => {
    const config = read('pfsense')
    expect(renderDhcpd(config)).toMatch(
      /primary;\n  address 10.0.1.2;\n  port 519;\n  peer address 10.0.1.3;\n  peer port 520;[^}]*split 128;/,
    )
    const vips = config.vips.map((vip) => ({ ...vip, advskew: 100 }))
    expect(renderDhcpd({ ...config, vips })).toMatch(/secondary;\n  address 10.0.1.2;\n  port 520;/)
    expect(renderDhcpd(config)).toContain('option routers 10.0.1.1;')
  })
})

it('leases of ISC are the active ones, each as it was last', () => {
  const lease = (address: string, state: string, more = '') =>
    `lease ${address} {\n  starts 6 2026/11/21 06:23:00;\n  ends 6 2026/11/21 06:33:00;\n  binding state ${state};\n${more}}\n`
  const mac = '  hardware ethernet ca:b6:96:86:57:60;\n  client-hostname "desk";\n'
  const text = `# written\n${lease('10.0.1.149', 'free')}${lease('10.0.1.149', 'active', mac)}${lease('10.0.1.150', 'backup')}`
  expect(parseDhcpdLeases(text)).toEqual([
    {
      address: '10.0.1.149',
      mac: 'ca:b6:96:86:57:60',
      hostName: 'desk',
      endsAtSeconds: Date.UTC(2026, 10, 21, 6, 33) / 1000,
    },
  ])
})

it('a tunnel comes from the shared address and takes no routes', () => {
  const [client] = read('pfsense').openvpnClients
  const lines = client === undefined ? [] : renderOpenvpnConfig(client).split('\n')
  for (const line of [
    'dev ovpnc1',
    'proto udp4',
    'remote 198.51.100.20 1194',
    'local 203.0.113.1',
    'route-nopull',
    'keepalive 1 5',
  ]) {
    expect(lines).toContain(line)
  }
})

describe('a line of the log', () => {
  const entry = {
    at: new Date('2026-07-06T20:45:31.900Z'),
    facility: 0,
    severity: 6,
    process: 'kernel',
    pid: '',
    line: 'carp: 1@vtnet0: BACKUP -> MASTER (master timed out)',
    raw: '',
  }

  it('is sent as RFC 5424', () => {
    expect(formatMessage(entry, 'fw1.lab', 'rfc5424')).toBe(
      '<6>1 2026-07-06T20:45:31+00:00 fw1.lab kernel - - - carp: 1@vtnet0: BACKUP -> MASTER (master timed out)',
    )
  })

  it('or as BSD does', () => {
    expect(formatMessage({ ...entry, process: 'php-fpm', pid: '123', facility: 3 }, 'fw1.lab', 'rfc3164')).toBe(
      '<30>Jul  6 20:45:31 fw1.lab php-fpm[123]: carp: 1@vtnet0: BACKUP -> MASTER (master timed out)',
    )
  })
})

function read(name: 'opnsense' | 'pfsense'): ApplianceConfig {
  const file = join(import.meta.dirname, `../configuration/fixture/${name}.xml`)
  return { ...readConfigXml(readFileSync(file, 'utf8')).config, flavour: name, release: '25.7', defects: [] }
}
