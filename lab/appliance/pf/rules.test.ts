import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ApplianceConfig } from '../config.ts'
import { readConfigXml } from '../configuration/config-xml.ts'
import { defaultConfig } from '../configuration/default-config.ts'
import type { FilterRule, RuleEnd } from './rule.ts'
import { natLines, ruleLines } from './rule-text.ts'
import { renderRules } from './rules.ts'

const all = { isUp: () => true, isOff: false }
const any: RuleEnd = { place: { kind: 'any' }, not: false }

describe('without rules in the file', () => {
  const config: ApplianceConfig = {
    ...defaultConfig,
    flavour: 'opnsense',
    release: '25.7',
    hostId: '01ab23cd',
    defects: [],
    vips: [
      { device: 'vtnet1', vhid: 7, address: '192.168.1.9/24', advbase: 1, advskew: 0, password: '', description: '' },
    ],
  }
  const rules = renderRules(config)

  it('everything but WAN may begin a state, the virtual MAC of a VHID included', () => {
    expect(chain(rules, 'in_wan')).toEqual([])
    expect(chain(rules, 'in_lan')).toEqual(['goto pass'])
    expect(chain(rules, 'interfaces')).toEqual([
      'iifname "vtnet0" goto in_wan',
      'iifname "vtnet1" goto in_lan',
      'iifname "carp7.1" goto in_lan',
    ])
  })

  it('a state begins with a SYN, carries the host id, and all else is dropped', () => {
    expect(chain(rules, 'states')).toContain('meta l4proto tcp tcp flags & (fin | syn | rst | ack) != syn drop')
    expect(chain(rules, 'pass')).toEqual(['ct mark set 0x01ab23cd', 'accept'])
    expect(rules.match(/policy drop/g)).toHaveLength(2)
  })

  it('what is inside leaves as the leased address', () => {
    expect(chain(rules, 'translate')).toContain('oifname "vtnet0" ip saddr 192.168.1.0/24 jump outbound')
  })
})

describe('the rules of OPNsense with a shared address on each side', () => {
  const config = read('opnsense')

  it('are of both families, and let in pings only', () => {
    const rules = renderRules(config)
    expect(chain(rules, 'in_wan')).toEqual([
      'meta nfproto ipv4 meta l4proto icmp goto pass',
      'meta nfproto ipv6 meta l4proto ipv6-icmp goto pass',
    ])
    expect(chain(rules, 'in_lan')).toEqual([
      'ip saddr 192.168.1.0/24 goto pass',
      'ip6 saddr 2001:db8:1:2:0:0:0:0/64 goto pass',
    ])
  })

  it('translate to the address that survives a takeover; with the defect to one that does not', () => {
    expect(chain(renderRules(config), 'translate')).toEqual([
      'oifname "vtnet0" ip saddr 192.168.1.0/24 snat to 203.0.113.4',
    ])
    expect(chain(renderRules({ ...config, defects: ['nat-own-address'] }), 'translate')).toEqual([
      'oifname "vtnet0" ip saddr 192.168.1.0/24 snat to 203.0.113.3',
    ])
  })

  it('forward a port to a machine inside, and pass what was forwarded', () => {
    const rules = renderRules(config)
    const wan = '{ "vtnet0", "carp1.0", "carp3.0" }'
    expect(chain(rules, 'forwards')[0]).toBe(
      `iifname ${wan} meta l4proto tcp ip daddr 203.0.113.4 th dport 2222 dnat to 192.168.1.50:22`,
    )
    expect(chain(rules, 'states')).toContain(
      `iifname ${wan} ct status dnat meta nfproto ipv4 meta l4proto tcp ip daddr 192.168.1.50 th dport 22 goto pass`,
    )
  })

  it('let advertisements in to the group only: unicast and state sync need rules', () => {
    const input = chain(renderRules(config), 'input')
    expect(input).toContain('meta l4proto 112 ip daddr 224.0.0.18 accept')
    expect(input).toContain('ct state untracked goto interfaces')
    expect(input.join('\n')).not.toContain('240')
  })
})

describe('the rules of pfSense with two WANs and a tunnel', () => {
  const config = read('pfsense')

  it('lead into the gateway, and back out of the WAN that was asked at', () => {
    const rules = renderRules(config, all)
    expect(chain(rules, 'steer_lan')).toContain('ip saddr 10.0.1.0/24 meta mark set 257 return')
    expect(chain(rules, 'steer')[0]).toMatch(
      /^ct direction reply ct original ip daddr \{ 203.0.113.2, 203.0.113.1 } .* meta mark set 257 return$/,
    )
  })

  it('take the second WAN when the first is down', () => {
    const rules = renderRules(config, { ...all, isUp: (name) => name !== 'WAN_PRIMARY' })
    expect(chain(rules, 'steer_lan')).toContain('ip saddr 10.0.1.0/24 meta mark set 258 return')
  })

  it('leave a state the gateway that it was made with, whichever is chosen now', () => {
    const rules = renderRules(config, { ...all, isUp: (name) => name !== 'WAN_PRIMARY' })
    const steer = chain(rules, 'steer')
    const kept = steer.findIndex((rule) =>
      rule.includes('ct status snat ct reply ip daddr { 203.0.113.2, 203.0.113.1 }'),
    )
    expect(steer[kept]).toMatch(/^iifname .*"vtnet1".* ct direction original .* meta mark set 257 return$/)
    expect(kept).toBeLessThan(steer.findIndex((rule) => rule.includes('jump steer_lan')))
  })

  it('block what is for the tunnel when the tunnel is down', () => {
    const down = { ...all, isUp: (name: string) => name !== 'VPN_GW' }
    expect(chain(renderRules(config, all), 'in_lan').slice(0, 2)).toEqual([
      'ip saddr 10.0.1.60 goto pass',
      'ip saddr 10.0.1.60 drop',
    ])
    expect(chain(renderRules(config, down), 'in_lan')[0]).toBe('ip saddr 10.0.1.60 drop')
    expect(chain(renderRules(config, down), 'steer_lan')[0]).toBe('ip saddr 10.0.1.60 return')
  })

  it.each<Partial<typeof config>>([{ skipRulesWithoutGateway: false }, { defects: ['dead-gateway-rules-kept'] }])(
    'without the setting leak in clear text, as on pfSense (%j)',
    (change) => {
      const leaky = renderRules({ ...config, ...change }, { ...all, isUp: (name) => name !== 'VPN_GW' })
      expect(chain(leaky, 'in_lan')[0]).toBe('ip saddr 10.0.1.60 goto pass')
      expect(chain(leaky, 'steer_lan')[0]).toBe('ip saddr 10.0.1.60 return')
    },
  )

  it('hold a translated state back from another WAN', () => {
    expect(chain(renderRules(config, all), 'forward')[0]).toBe(
      'oifname "vtnet0" ct direction original ct status snat ct reply ip daddr != { 203.0.113.2, 203.0.113.1 } drop',
    )
  })

  it('stay off while pf is off', () => {
    expect(renderRules(config, { ...all, isOff: true }).match(/table [^\n]* \{\n {2}flags dormant\n/g)).toHaveLength(3)
    expect(renderRules(config, all)).not.toContain('dormant')
  })

  it('are told in the words of pf', () => {
    const lines = ruleLines(config, () => true)
    expect(lines).toContain(
      'pass in quick on vtnet1 route-to (ovpnc1) inet from 10.0.1.60 to any flags S/SA keep state label "USER_RULE: Route through VPN when available"',
    )
    expect(lines).toContain(
      'pass in quick on vtnet1 route-to (vtnet0 203.0.113.254) inet from 10.0.1.0/24 to any flags S/SA keep state label "USER_RULE: Everything from this network"',
    )
    expect(lines).toContain(
      'block drop in log quick on vtnet1 inet from 10.0.1.60 to any label "USER_RULE: KILL SWITCH: block if VPN is down"',
    )
    expect(natLines(config)[0]).toBe('nat on vtnet0 inet from 10.0.1.0/24 to any -> 203.0.113.1 port 1024:65535')
    expect(natLines(config)).toContain(
      'rdr pass on vtnet0 inet proto tcp from any to 203.0.113.1 port = 2222 -> 10.0.2.10 port 22',
    )
  })
})

describe('a rule', () => {
  const rule = (more: Partial<FilterRule>): string[] => {
    const filter: FilterRule[] = [
      {
        action: 'pass',
        interfaces: ['lan'],
        families: ['inet'],
        source: any,
        destination: any,
        log: false,
        description: '',
        ...more,
      },
    ]
    return chain(renderRules({ ...read('opnsense'), filter }), 'in_lan')
  }

  it('matches protocols, ports and places', () => {
    const web: RuleEnd = { place: { kind: 'interface', key: 'lan' }, not: false, ports: { from: 80, to: 90 } }
    expect(rule({ protocol: 'tcp', destination: web })).toEqual([
      'meta l4proto tcp ip daddr 192.168.1.2 th dport 80-90 goto pass',
    ])
    expect(rule({ protocol: 'tcp/udp', destination: { ...any, ports: { from: 53, to: 53 } } })).toEqual([
      'meta nfproto ipv4 meta l4proto { tcp, udp } th dport 53 goto pass',
    ])
    expect(rule({ families: ['inet', 'inet6'], source: { place: { kind: 'behind', key: 'lan' }, not: true } })).toEqual(
      ['ip saddr != 192.168.1.0/24 goto pass', 'ip6 saddr != 2001:db8:1:2:0:0:0:0/64 goto pass'],
    )
  })

  it('that rejects answers as pf does', () => {
    expect(
      rule({
        action: 'reject',
        protocol: 'tcp',
        source: { place: { kind: 'network', cidr: '10.9.9.9/32' }, not: false },
      }),
    ).toEqual([
      'meta l4proto tcp ip saddr 10.9.9.9 meta l4proto tcp reject with tcp reset',
      'meta l4proto tcp ip saddr 10.9.9.9 drop',
    ])
  })

  it('of a family that the interface does not have is none', () => {
    expect(rule({ source: { place: { kind: 'network', cidr: '2001:db8::/32' }, not: false } })).toEqual([])
  })
})

function read(name: 'opnsense' | 'pfsense'): ApplianceConfig {
  const file = join(import.meta.dirname, `../configuration/fixture/${name}.xml`)
  return { ...readConfigXml(readFileSync(file, 'utf8')).config, flavour: name, release: '25.7', defects: [] }
}

/** What is in a chain: of several with the name, the last that has anything. */
function chain(rules: string, name: string): string[] {
  const found = [...rules.matchAll(new RegExp(`chain ${name} \\{\n([^}]*(?:\\{[^}\n]*\\}[^}]*)*?)  \\}\n`, 'g'))]
  const lines = found.map((each) =>
    (each[1] ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('type ')),
  )
  return lines.findLast((each) => each.length > 0) ?? []
}
