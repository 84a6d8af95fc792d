import type { ApplianceConfig, SystemConfig } from '../config.ts'
import { chooseGateway, type IsUp } from '../net/gateway-choice.ts'
import type { GatewayConfig } from '../net/gateway.ts'
import type { FilterRule } from './rule.ts'

/** A rule as it is loaded now: `via` is the gateway that its packets take. */
export type EffectiveRule = FilterRule & { via?: GatewayConfig }

/** What is passed and blocked now: a rule whose gateway is down is left out, or made without it, as configured. */
export function effectiveRules(config: SystemConfig & Pick<ApplianceConfig, 'defects'>, isUp: IsUp): EffectiveRule[] {
  return (config.filter ?? usualRules(config)).flatMap((rule): EffectiveRule[] => {
    if (rule.gateway === undefined || rule.action !== 'pass') return [rule]
    const via = chooseGateway(config, rule.gateway, isUp)
    if (via !== undefined) return [{ ...rule, via }]
    const isLeftOut = config.skipRulesWithoutGateway && !config.defects.includes('dead-gateway-rules-kept')
    return isLeftOut ? [] : [rule]
  })
}

/** Without rules in the file: everything may leave from everywhere but WAN. */
function usualRules({ interfaces }: Pick<SystemConfig, 'interfaces'>): FilterRule[] {
  const anywhere = { place: { kind: 'any' as const }, not: false }
  const rule = {
    action: 'pass' as const,
    families: ['inet', 'inet6'] as const,
    source: anywhere,
    destination: anywhere,
    log: false,
  }
  const inside = interfaces.filter(({ key }) => key !== 'wan')
  return inside.map(({ key }) => ({
    ...rule,
    interfaces: [key],
    description: `Default allow ${key.toUpperCase()} to any rule`,
  }))
}
