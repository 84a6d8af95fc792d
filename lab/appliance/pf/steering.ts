import type { SystemConfig } from '../config.ts'
import { isInet6 } from '../net/address.ts'
import { markOf } from '../net/gateway-choice.ts'
import type { EffectiveRule } from './effective.ts'
import { oneOf, renderMatch } from './match.ts'
import { devicesOf, isOutside, keysOf, networksOf, reachedAt } from './places.ts'

/**
 * The chains that mark what has to take a gateway: pf's `route-to` of the rules, and `reply-to` for what was asked for at an
 * address of a WAN. The mark leads into a routing table of its own.
 */
export function renderSteering(config: SystemConfig, rules: readonly EffectiveRule[]): string {
  const replies = renderReplies(config)
  const steered = keysOf(config).filter((key) => rulesOn(rules, key).some(({ via }) => via !== undefined))
  const chains = steered.map((key) => `  chain steer_${key} {\n${lines(renderKey(config, rulesOn(rules, key)))}  }\n`)
  const devices = (keys: readonly string[]) =>
    oneOf(keys.flatMap((key) => devicesOf(config, key).map((device) => `"${device}"`)))
  const kept = steered.length === 0 ? [] : renderKept(config).map((rule) => `iifname ${devices(steered)} ${rule}`)
  const jumps = steered.map((key) => `ct direction original iifname ${devices([key])} jump steer_${key}`)
  return `${chains.join('')}  chain steer {
    type filter hook prerouting priority mangle; policy accept
${lines([...replies, ...kept, ...jumps])}  }
  chain steer_own {
    type route hook output priority mangle; policy accept
${lines(replies)}  }
`
}

/** A state keeps the gateway that its rule chose when it was made (pf's `route-to` is part of it), whichever of a group is chosen now. */
function renderKept(config: SystemConfig): string[] {
  const ways = config.gateways.filter(({ family, key }) => family === 'inet' && !isLeased(config, key))
  return ways.flatMap((gateway) => {
    const addresses = isOutside(config, gateway.key) ? reachedAt(config, gateway.key) : []
    if (addresses.length === 0) return []
    const made = `ct direction original ct status snat ct reply ip daddr ${oneOf(addresses)}`
    return [`${made} meta mark set ${markOf(config, gateway)} return`]
  })
}

/** A state translated to one WAN's address never leaves by another: it waits for its own way, as in pf. */
export function renderGuards(config: SystemConfig): string[] {
  return keysOf(config).flatMap((key) => {
    const addresses = reachedAt(config, key)
    const device = devicesOf(config, key)[0]
    if (!isOutside(config, key) || addresses.length === 0 || device === undefined) return []
    const own = `ct reply ip daddr != ${oneOf(addresses)}`
    return isLeased(config, key) ? [] : [`oifname "${device}" ct direction original ct status snat ${own} drop`]
  })
}

function isLeased({ interfaces }: SystemConfig, key: string): boolean {
  return interfaces.some((each) => each.key === key && each.address === 'dhcp')
}

function rulesOn(rules: readonly EffectiveRule[], key: string): EffectiveRule[] {
  return rules.filter(({ interfaces }) => interfaces.length === 0 || interfaces.includes(key))
}

// The first rule that fits decides, whatever it says.
function renderKey(config: SystemConfig, rules: readonly EffectiveRule[]): string[] {
  return rules.flatMap((rule) => {
    const verdict = rule.via === undefined ? 'return' : `meta mark set ${markOf(config, rule.via)} return`
    return renderMatch(config, rule).map((match) => `${match} ${verdict}`)
  })
}

// Only towards what is not beside us: a neighbour is answered directly.
function renderReplies(config: SystemConfig): string[] {
  const beside = keysOf(config).flatMap((key) => networksOf(config, key).filter((network) => !isInet6(network)))
  const ways = config.gateways.filter(({ family, address }) => family === 'inet' && address !== undefined)
  return ways.flatMap((gateway) => {
    const addresses = reachedAt(config, gateway.key)
    if (addresses.length === 0) return []
    const asked = `ct direction reply ct original ip daddr ${oneOf(addresses)}`
    return [`${asked} ip daddr != ${oneOf(beside)} meta mark set ${markOf(config, gateway)} return`]
  })
}

function lines(rules: readonly string[]): string {
  return rules.map((rule) => `    ${rule}\n`).join('')
}
