import type { Family } from '../carp/vhid.ts'
import type { ApplianceConfig } from '../config.ts'
import { isInet6 } from '../net/address.ts'
import type { GatewayConfig } from '../net/gateway.ts'
import type { IsUp } from '../net/gateway-choice.ts'
import { type EffectiveRule, effectiveRules } from './effective.ts'
import { outboundRules } from './nat.ts'
import { deviceOf, keysOf, networksOf, ownAddresses, type Places } from './places.ts'
import type { ForwardRule, OutboundRule, Place, PortRange, RuleEnd } from './rule.ts'

/** `pfctl -sr`: the rules in pf's words, the products' own first. */
export function ruleLines(config: ApplianceConfig, isUp: IsUp): string[] {
  return [...ownRules(config), ...effectiveRules(config, isUp).flatMap((rule) => filterLines(config, rule))]
}

/** `pfctl -sn`: outbound NAT and port forwards. */
export function natLines(config: ApplianceConfig): string[] {
  return [
    ...outboundRules(config).flatMap((rule) => outboundLines(config, rule)),
    ...config.forwards.flatMap((rule) => forwardLines(config, rule)),
  ]
}

function ownRules({ flavour }: ApplianceConfig): string[] {
  const carp =
    flavour === 'pfsense'
      ? ['pass quick proto carp all no state']
      : [
          'pass in quick inet proto carp from any to 224.0.0.18 keep state',
          'pass in quick inet6 proto carp from any to ff02::12 keep state',
        ]
  return [
    'block drop in log inet all label "Default deny rule IPv4"',
    'block drop in log inet6 all label "Default deny rule IPv6"',
    ...carp,
    'pass in quick on lo0 all flags S/SA keep state label "pass loopback"',
    'pass out all flags S/SA keep state allow-opts label "let out anything from firewall host itself"',
  ]
}

function filterLines(config: ApplianceConfig, rule: EffectiveRule): string[] {
  const keys = rule.interfaces.length === 0 ? [undefined] : rule.interfaces
  const action = { pass: 'pass', block: 'block drop', reject: 'block return' }[rule.action]
  return keys.flatMap((key) => {
    const on = key === undefined ? '' : `on ${deviceOf(config, key) ?? key}`
    return rule.families.flatMap((family) => {
      const way = rule.action === 'pass' ? wayOf(config, rule, key, family) : ''
      const state = rule.action === 'pass' ? stateOf(rule) : ''
      const label = rule.description === '' ? '' : `label "USER_RULE: ${rule.description.replaceAll('"', "'")}"`
      return endsOf(config, rule, family).map((ends) => {
        return words([
          action,
          'in',
          rule.log ? 'log' : '',
          'quick',
          on,
          way,
          family,
          protocolOf(rule, family),
          ends,
          state,
          label,
        ])
      })
    })
  })
}

function stateOf({ protocol }: EffectiveRule): string {
  return protocol === undefined || protocol.startsWith('tcp') ? 'flags S/SA keep state' : 'keep state'
}

// What comes in by a WAN is answered by its gateway.
function wayOf(config: ApplianceConfig, rule: EffectiveRule, key: string | undefined, family: Family): string {
  if (rule.via !== undefined) return `route-to (${wayText(rule.via)})`
  const back = config.gateways.find((each) => each.key === key && each.family === family && each.address !== undefined)
  return back === undefined ? '' : `reply-to (${wayText(back)})`
}

function wayText({ device, address }: GatewayConfig): string {
  return address === undefined ? device : `${device} ${address}`
}

function outboundLines(config: ApplianceConfig, rule: OutboundRule): string[] {
  const device = deviceOf(config, rule.key) ?? rule.key
  const own = ownAddresses(config, rule.key).find((address) => !isInet6(address)) ?? `(${device})`
  const target = rule.target.kind === 'address' ? rule.target.address : own
  const ports = rule.protocol === 'icmp' ? '' : 'port 1024:65535'
  const verb = rule.target.kind === 'none' ? 'no nat' : 'nat'
  const to = rule.target.kind === 'none' ? '' : `-> ${target} ${ports}`
  const protocol = protocolOf(rule, 'inet')
  return endsOf(config, rule, 'inet').map((ends) => words([verb, `on ${device}`, 'inet', protocol, ends, to]))
}

function forwardLines(config: ApplianceConfig, rule: ForwardRule): string[] {
  return rule.interfaces.flatMap((key) =>
    endsOf(config, rule, 'inet').map((ends) => {
      const on = `on ${deviceOf(config, key) ?? key}`
      const to = `-> ${rule.target} port ${rule.port}`
      return words(['rdr', rule.isPassed ? 'pass' : '', on, 'inet', protocolOf(rule, 'inet'), ends, to])
    }),
  )
}

function protocolOf({ protocol }: { protocol?: string }, family: Family): string {
  if (protocol === undefined) return ''
  if (protocol === 'tcp/udp') return 'proto { tcp, udp }'
  return `proto ${protocol === 'icmp' && family === 'inet6' ? 'ipv6-icmp' : protocol}`
}

/** One line for each pair of addresses; none where the family has none. */
function endsOf(places: Places, rule: { source: RuleEnd; destination: RuleEnd }, family: Family): string[] {
  const [from, to] = [endTexts(places, rule.source, family), endTexts(places, rule.destination, family)]
  return from.flatMap((source) => to.map((destination) => `from ${source} to ${destination}`))
}

function endTexts(places: Places, { place, not, ports }: RuleEnd, family: Family): string[] {
  const after = ports === undefined ? '' : ` port ${portText(ports)}`
  return placeTexts(places, place, family).map((text) => `${not ? '! ' : ''}${text}${after}`)
}

function placeTexts(places: Places, place: Place, family: Family): string[] {
  if (place.kind === 'any') return ['any']
  if (place.kind === 'self') return ['(self)']
  const found = place.kind === 'network' ? [place.cidr.replace(/\/(32|128)$/, '')] : known(places, place)
  return found.filter((address) => isInet6(address) === (family === 'inet6'))
}

function known(places: Places, place: { kind: 'interface' | 'behind'; key: string }): string[] {
  if (!keysOf(places).includes(place.key)) return []
  return place.kind === 'interface' ? ownAddresses(places, place.key) : networksOf(places, place.key)
}

function portText({ from, to }: PortRange): string {
  return from === to ? `= ${from}` : `${from}:${to}`
}

function words(parts: readonly string[]): string {
  return parts.filter(Boolean).join(' ').trim()
}
