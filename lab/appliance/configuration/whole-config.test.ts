import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bornBroken } from './born-broken.ts'
import { readConfigXml } from './config-xml.ts'

// As the harness writes them: the backup of the second source document's pair, the primary of the third one's.
const opnsense = readFileSync(join(import.meta.dirname, 'fixture/opnsense.xml'), 'utf8')
const pfsense = readFileSync(join(import.meta.dirname, 'fixture/pfsense.xml'), 'utf8')
const any = { place: { kind: 'any' }, not: false }

describe('a whole config.xml of OPNsense', () => {
  const { config, complaints } = readConfigXml(opnsense)

  it('is believed from end to end', () => expect(complaints).toEqual([]))

  it('has both families: addresses, VIPs and a default gateway each', () => {
    expect(config.interfaces[0]).toMatchObject({ address: '203.0.113.3/28', address6: '2001:db8:1:1::3/64' })
    expect(config.vips.map(({ device, vhid, address, advskew }) => [device, vhid, address, advskew])).toEqual([
      ['vtnet0', 1, '203.0.113.4/28', 100],
      ['vtnet1', 2, '192.168.1.254/24', 100],
      ['vtnet0', 3, '2001:db8:1:1::4/64', 100],
      ['vtnet1', 4, '2001:db8:1:2::254/64', 100],
    ])
    expect(config.defaultGateways).toEqual({ inet: ['WAN_GW'], inet6: ['WAN_GWv6'] })
    expect(config.pfsync).toEqual({ device: 'vtnet2', peer: '192.168.254.1', version: 1400 })
  })

  it('has rules, NAT to the shared address and port forwards', () => {
    expect(config.filter?.slice(0, 3)).toMatchObject([
      { action: 'pass', interfaces: ['wan'], protocol: 'icmp', source: any },
      { action: 'pass', interfaces: ['wan'], protocol: 'ipv6-icmp', families: ['inet6'] },
      { action: 'pass', interfaces: ['lan'], source: { place: { kind: 'behind', key: 'lan' } }, destination: any },
    ])
    expect(config.outbound).toMatchObject({
      isAutomatic: false,
      rules: [
        {
          key: 'wan',
          source: { place: { kind: 'network', cidr: '192.168.1.0/24' } },
          target: { kind: 'address', address: '203.0.113.4' },
        },
      ],
    })
    expect(config.forwards[0]).toMatchObject({
      destination: { place: { kind: 'network', cidr: '203.0.113.4/32' }, ports: { from: 2222, to: 2222 } },
      target: '192.168.1.50',
      port: 22,
      isPassed: true,
    })
  })

  it('has a DHCP server that waits, and a collector for the log', () => {
    expect(config.dhcpServers).toEqual([
      {
        key: 'lan',
        device: 'vtnet1',
        subnet: '192.168.1.0/24',
        range: { from: '192.168.1.180', to: '192.168.1.199' },
        router: '192.168.1.254',
        nameServers: ['192.168.1.254'],
        replyDelaySeconds: 5,
      },
    ])
    expect(config.syslog).toEqual([{ host: '198.51.100.10', port: 514, format: 'rfc5424' }])
  })

  it.each([
    ['<transport>udp4', '<transport>tls4', 'OPNsense.Syslog.destinations.destination.transport'],
    ['<local-port>22', '<local-port>ssh', 'nat.rule.local-port'],
    ['<port>2222', '<port>0', 'nat.rule.destination.port'],
    ['<target>203.0.113.4', '<target>203.0.113.400', 'nat.outbound.rule.target'],
    ['<network>lan<', '<network>blue<', 'filter.rule.source.network'],
    ['<start_addr>192.168.1.180', '<start_addr>::1', 'dnsmasq.dhcp_ranges.start_addr'],
    ['<gateway>203.0.113.1<', '<gateway>2001:db8::1<', 'OPNsense.Gateways.gateway_item.gateway'],
    ['<pfsyncversion>1400', '<pfsyncversion>1200', 'hasync.pfsyncversion'],
  ])('loses no more than the part that cannot be: %s made %s', (from, to, where) => {
    const { config: rest, complaints: told } = readConfigXml(opnsense.replace(from, to))
    expect(told).toEqual([expect.stringMatching(new RegExp(`^${where}: expected .*, got `))])
    expect(rest.vips).toHaveLength(4)
  })

  it('takes IP aliases: of a VHID, and of the node itself', () => {
    const alias = (more: string) =>
      `<vip><interface>lan</interface><mode>ipalias</mode><subnet>192.168.1.253</subnet><subnet_bits>24</subnet_bits>${more}</vip></virtualip>`
    const onVhid = readConfigXml(opnsense.replace('</virtualip>', alias('<vhid>2</vhid>'))).config
    expect(onVhid.vips[4]).toMatchObject({ mode: 'ipalias', vhid: 2, advskew: 100, address: '192.168.1.253/24' })
    const own = readConfigXml(opnsense.replace('</virtualip>', alias(''))).config
    expect(own.interfaces[1]).toMatchObject({ aliases: ['192.168.1.253/24'] })
    const unknown = readConfigXml(opnsense.replace('</virtualip>', alias('<vhid>9</vhid>')))
    expect(unknown.config.vips).toHaveLength(4)
    expect(unknown.complaints[0]).toContain('the VHID of a CARP address on this interface')
  })

  it('takes unicast peers, tunables and another port of the WebGUI', () => {
    const changed = opnsense
      .replace('<nobind>0</nobind>', '<nobind>0</nobind><peer>203.0.113.2</peer>')
      .replace('<protocol>https</protocol>', '<protocol>http</protocol><port>8080</port>')
      .replace(
        '</opnsense>',
        '<sysctl><item><tunable>net.inet.carp.log</tunable><value>2</value></item></sysctl></opnsense>',
      )
    expect(readConfigXml(changed).config).toMatchObject({
      vips: [{ peer: '203.0.113.2' }, {}, {}, {}],
      webgui: { protocol: 'http', port: 8080 },
      tunables: { 'net.inet.carp.log': '2' },
    })
  })
})

describe('a whole config.xml of pfSense', () => {
  const { config, complaints } = readConfigXml(pfsense)

  it('is believed from end to end', () => expect(complaints).toEqual([]))

  it('has gateways in tiers, the tunnel with its own timing', () => {
    expect(config.gateways.map(({ name, device, address, monitor }) => [name, device, address, monitor])).toEqual([
      ['WAN_PRIMARY', 'vtnet0', '203.0.113.254', '198.51.100.1'],
      ['WAN_LTE', 'vtnet4', '100.64.0.1', '198.51.100.2'],
      ['VPN_GW', 'ovpnc1', undefined, '10.8.0.1'],
    ])
    expect(config.gateways[2]?.timing).toMatchObject({ intervalMs: 1000, lossIntervalMs: 2000, periodMs: 5000 })
    expect(config.gateways[0]?.timing).toMatchObject({ intervalMs: 500, periodMs: 60_000, lossHigh: 20 })
    expect(config.gatewayGroups).toEqual([{ name: 'WAN_FAILOVER', tiers: [['WAN_PRIMARY'], ['WAN_LTE']] }])
    expect(config.defaultGateways).toEqual({ inet: ['WAN_PRIMARY', 'WAN_LTE'], inet6: [] })
  })

  it('has the kill switch: a rule with a gateway, and the block behind it', () => {
    expect(config.skipRulesWithoutGateway).toBe(true)
    expect(config.filter?.slice(1, 3)).toMatchObject([
      { action: 'pass', gateway: 'VPN_GW', source: { place: { kind: 'network', cidr: '10.0.1.60/32' } } },
      { action: 'block', log: true, source: { place: { kind: 'network', cidr: '10.0.1.60/32' } } },
    ])
  })

  it('has a tunnel that follows the shared WAN address, and a DHCP server with a peer', () => {
    expect(config.openvpnClients).toMatchObject([
      { device: 'ovpnc1', local: '203.0.113.1', carp: { device: 'vtnet0', vhid: 1 }, ignoresRoutes: true },
    ])
    expect(config.dhcpServers).toMatchObject([{ key: 'lan', peer: '10.0.1.3', router: '10.0.1.1' }])
    expect(config.syslog).toEqual([{ host: '198.51.100.1', port: 514, format: 'rfc5424' }])
    expect(config.preempt).toBe(true)
  })

  it('turns on what is there, whatever its text, and off what is not', () => {
    expect(readConfigXml(pfsense.replace('<pfsyncenabled>on</pfsyncenabled>', '')).config).not.toHaveProperty('pfsync')
    const disabled = pfsense.replace('<vpnid>1</vpnid>', '<vpnid>1</vpnid><disable/>')
    expect(readConfigXml(disabled).config.openvpnClients).toEqual([])
  })
})

describe('any config.xml', () => {
  it.each([
    ['OPNsense', opnsense],
    ['pfSense', pfsense],
  ])(
    'of %s, whatever a text in it is, is read without an error and gives only words that are safe in a command',
    (_, file) => {
      const values = [...file.matchAll(/>([^<>\n]+)</g)].map((found) => found[1] ?? '')
      const odd = fc.string({ unit: fc.constantFrom(...'1 9 . / : ; " $ ( ) { } - | < & \n a x'.split(' ')) })
      fc.assert(
        fc.property(fc.constantFrom(...values), odd, (value, put) => {
          const { config } = readConfigXml(file.replaceAll(`>${value}<`, () => `>${put}<`))
          for (const word of wordsOf(config)) expect(word).toMatch(/^([\w.:/][\w.:/-]*)?$/)
        }),
        { numRuns: 400 },
      )
    },
  )
})

it('a node with equal skew advertises as often as the primary; one with another list of VIPs has an address more', () => {
  const { config } = readConfigXml(opnsense)
  expect(bornBroken(config, ['equal-skew']).vips.map(({ advskew }) => advskew)).toEqual([0, 0, 0, 0])
  const vips = bornBroken(config, ['vip-list-differs']).vips.filter(({ vhid }) => vhid === 1)
  expect(vips.map(({ address }) => address)).toEqual(['203.0.113.4/28', '203.0.113.104/32'])
  expect(bornBroken(config, [])).toEqual(config)
})

// Texts for people, secrets and names of sections go nowhere near a command.
const free = ['description', 'password', 'authorizedKeys', 'ca', 'certificate', 'privateKey']

function wordsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => (free.includes(name) ? [] : wordsOf(inner)))
}
