import type { ApplianceConfig } from '../config.ts'
import type { IsUp } from '../net/gateway-choice.ts'
import { type EffectiveRule, effectiveRules } from './effective.ts'
import { oneOf, renderMatch } from './match.ts'
import { renderNat, renderPassedForwards } from './nat.ts'
import { devicesOf, keysOf } from './places.ts'
import { renderGuards, renderSteering } from './steering.ts'

/** What rules depend on while the firewall runs. */
export type Live = { isUp: IsUp; isOff: boolean }

const bootLive: Live = { isUp: () => true, isOff: false }

/**
 * nftables that behave like pf with these rules: stateful, the first rule that fits decides, nothing comes in without one,
 * TCP states begin with a SYN. Each state carries this node's host id as its mark, which state sync takes along: pf's
 * creator id. Loading it again changes the rules at once and leaves the states alone. `isUp`: which gateways are;
 * `isOff`: pf sleeps (`pfctl -d`).
 */
export function renderRules(config: ApplianceConfig, { isUp, isOff }: Live = bootLive): string {
  const rules = effectiveRules(config, isUp)
  const keys = keysOf(config)
  return `add table inet pf
delete table inet pf
table inet pf {${isOff ? '\n  flags dormant' : ''}${untracked}
  chain pass {
    ct mark set 0x${config.hostId}
    accept
  }
${keys.map((key) => renderKey(config, key, rules)).join('')}  chain interfaces {
${lines(keys.flatMap((key) => devicesOf(config, key).map((device) => `iifname "${device}" goto in_${key}`)))}  }
  chain states {
    ct state established,related accept
    ct state != new drop
    iifname "lo" goto pass
    meta l4proto tcp tcp flags & (fin | syn | rst | ack) != syn drop
${lines([...renderPassedForwards(config), 'goto interfaces'])}  }
  chain input {
    type filter hook input priority filter; policy drop
    iifname "pfsync0" accept
${lines(automaticRules(config))}    ct state untracked goto interfaces
    goto states
  }
  chain forward {
    type filter hook forward priority filter; policy drop
${lines([...renderGuards(config), 'goto states'])}  }
${renderSteering(config, rules)}}
${renderNat(config, isOff)}`
}

/** Takes the outbound NAT of a leased address away; the DHCP script puts it in place. */
export const noOutboundNat = 'flush chain ip nat outbound\n'

// Advertisements and state sync make no states of their own.
const untracked = `
  chain untracked_in {
    type filter hook prerouting priority raw; policy accept
    meta l4proto { 112, 240 } notrack
    iifname "pfsync0" notrack
  }
  chain untracked_out {
    type filter hook output priority raw; policy accept
    meta l4proto { 112, 240 } notrack
    oifname "pfsync0" notrack
  }`

function renderKey(config: ApplianceConfig, key: string, rules: readonly EffectiveRule[]): string {
  const own = rules.filter(({ interfaces }) => interfaces.length === 0 || interfaces.includes(key))
  return `  chain in_${key} {\n${lines(own.flatMap((rule) => renderRule(config, rule)))}  }\n`
}

function renderRule(config: ApplianceConfig, rule: EffectiveRule): string[] {
  return renderMatch(config, rule).flatMap((match) => {
    const verdict = rule.action === 'pass' ? 'goto pass' : 'drop'
    if (rule.action !== 'reject') return [`${match} ${verdict}`.trim()]
    // As pf's `return`: a reset, an ICMP error, or nothing.
    return [
      ...(speaks(rule, 'tcp') ? [`${match} meta l4proto tcp reject with tcp reset`.trim()] : []),
      ...(speaks(rule, 'udp') ? [`${match} meta l4proto udp reject with icmpx type port-unreachable`.trim()] : []),
      `${match} drop`.trim(),
    ]
  })
}

function speaks({ protocol }: EffectiveRule, name: string): boolean {
  return protocol === undefined || protocol.split('/').includes(name)
}

/** What both products let in by themselves. Unicast CARP is passed by pfSense only; pfsync needs a rule on both. */
function automaticRules(config: ApplianceConfig): string[] {
  const { flavour, dhcpServers, webgui } = config
  const carp = ['meta l4proto 112 ip daddr 224.0.0.18 accept', 'meta l4proto 112 ip6 daddr ff02::12 accept']
  const neighbours = 'ct state untracked icmpv6 type { 130-137, 143 } accept'
  const leases = [...new Set(dhcpServers.map(({ device }) => device))]
  const lan = devicesOf(config, 'lan').map((device) => `"${device}"`)
  const ports = [...new Set([22, 80, webgui.port])].join(', ')
  return [
    ...(flavour === 'pfsense' ? ['meta l4proto 112 accept'] : carp),
    neighbours,
    ...leases.map((device) => `iifname "${device}" udp sport 68 udp dport 67 goto pass`),
    ...dhcpServers.flatMap(({ device, peer }) => {
      return peer === undefined ? [] : [`iifname "${device}" ip saddr ${peer} tcp dport { 519, 520 } goto pass`]
    }),
    ...(lan.length === 0 ? [] : [`iifname ${oneOf(lan)} ct state new tcp dport { ${ports} } tcp flags syn goto pass`]),
  ]
}

function lines(rules: readonly string[]): string {
  return rules.map((rule) => `    ${rule}\n`).join('')
}
