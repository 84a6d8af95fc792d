import type { ApplianceConfig } from '../config.ts'
import { isInet6 } from '../net/address.ts'
import { oneOf, renderMatch } from './match.ts'
import { deviceOf, devicesOf, isOutside, keysOf, networksOf, ownAddresses, type Places } from './places.ts'
import type { ForwardRule, OutboundRule } from './rule.ts'

type Config = Places & Pick<ApplianceConfig, 'outbound' | 'forwards' | 'defects'>

/**
 * NAT of IPv4. What leaves by a leased address goes through the chain `outbound`, which the DHCP client's script fills
 * and a reload leaves alone.
 */
export function renderNat(config: Config, isOff: boolean): string {
  const head = `table ip nat {${isOff ? '\n  flags dormant' : ''}`
  return `${head}
  chain outbound {
  }
  chain translate {
    type nat hook postrouting priority srcnat; policy accept
  }
  chain forwards {
    type nat hook prerouting priority dstnat; policy accept
  }
}
flush chain ip nat translate
flush chain ip nat forwards
${head}
  chain translate {
${lines(outboundRules(config).flatMap((rule) => renderOutbound(config, rule)))}  }
  chain forwards {
${lines(config.forwards.flatMap((rule) => renderForward(config, rule)))}  }
}
`
}

/** The rules of the file, then those that the product makes itself. */
export function outboundRules(config: Config): OutboundRule[] {
  const { outbound } = config
  return outbound.isAutomatic ? [...outbound.rules, ...automaticRules(config)] : [...outbound.rules]
}

/** Filter rules of their own for forwards that are passed without one: what they let in has been translated already. */
export function renderPassedForwards(config: Config): string[] {
  return config.forwards
    .filter(({ isPassed }) => isPassed)
    .flatMap((rule) => {
      const { ports } = rule.destination
      const last = rule.port + (ports === undefined ? 0 : ports.to - ports.from)
      const range = last === rule.port ? String(rule.port) : `${rule.port}-${last}`
      const devices = rule.interfaces.flatMap((key) => devicesOf(config, key))
      if (devices.length === 0) return []
      const from = renderMatch(config, {
        ...rule,
        families: ['inet'],
        destination: { place: { kind: 'any' }, not: false },
      })
      return from.map((match) => {
        return `${incoming(devices)} ct status dnat ${match} ip daddr ${rule.target} th dport ${range} goto pass`
      })
    })
}

function automaticRules(config: Config): OutboundRule[] {
  const keys = keysOf(config)
  const networks = keys.filter((key) => !isOutside(config, key)).flatMap((key) => networksOf(config, key))
  const inside = [...networks.filter((network) => !isInet6(network)), '127.0.0.0/8']
  const outside = keys.filter((key) => isOutside(config, key))
  return outside.flatMap((key) =>
    inside.map((cidr): OutboundRule => ({
      key,
      source: { place: { kind: 'network', cidr }, not: false },
      destination: { place: { kind: 'any' }, not: false },
      target: { kind: 'interface' },
      description: 'Automatic outbound rule',
    })),
  )
}

function renderOutbound(config: Config, rule: OutboundRule): string[] {
  const device = deviceOf(config, rule.key)
  const verdict = verdictOf(config, rule)
  if (device === undefined || verdict === undefined) return []
  return renderMatch(config, { ...rule, families: ['inet'] }).map((match) => `oifname "${device}" ${match} ${verdict}`)
}

// Born with `nat-own-address`, a node translates to its own address, which dies with it.
function verdictOf(config: Config, { key, target }: OutboundRule): string | undefined {
  if (target.kind === 'none') return 'accept'
  if (target.kind === 'address' && isInet6(target.address)) return undefined
  if (target.kind === 'address' && !config.defects.includes('nat-own-address')) return `snat to ${target.address}`
  const on = config.interfaces.find((each) => each.key === key)
  if (on === undefined) return 'masquerade'
  const own = ownAddresses(config, key).find((address) => !isInet6(address))
  return own === undefined ? 'jump outbound' : `snat to ${own}`
}

function renderForward(config: Config, rule: ForwardRule): string[] {
  const devices = rule.interfaces.flatMap((key) => devicesOf(config, key))
  if (devices.length === 0 || isInet6(rule.target)) return []
  const { ports } = rule.destination
  const length = ports === undefined ? 0 : ports.to - ports.from
  const target = length === 0 ? `${rule.target}:${rule.port}` : `${rule.target}:${rule.port}-${rule.port + length}`
  return rule.protocol.split('/').flatMap((protocol) => {
    const found = renderMatch(config, { ...rule, protocol, families: ['inet'] })
    return found.map((match) => `${incoming(devices)} ${match} dnat to ${target}`)
  })
}

function incoming(devices: readonly string[]): string {
  return `iifname ${oneOf(devices.map((device) => `"${device}"`))}`
}

function lines(rules: readonly string[]): string {
  return rules.map((rule) => `    ${rule}\n`).join('')
}
