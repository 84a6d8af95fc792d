import type { SystemConfig } from '../config.ts'
import type { GatewayConfig } from './gateway.ts'

/** Whether a gateway is up, by name. */
export type IsUp = (name: string) => boolean

type Ways = Pick<SystemConfig, 'gateways' | 'gatewayGroups'>

/** The gateway that a rule's gateway or group stands for now; undefined when none of it is up. */
export function chooseGateway({ gateways, gatewayGroups }: Ways, name: string, isUp: IsUp): GatewayConfig | undefined {
  const tiers = gatewayGroups.find((each) => each.name === name)?.tiers ?? [[name]]
  const chosen = tiers.flat().find(isUp)
  return gateways.find((each) => each.name === chosen)
}

/** The default gateway of a family: the first that is up; when none is, the first of all, as both products do. */
export function defaultGateway(
  { gateways, defaultGateways }: Pick<SystemConfig, 'gateways' | 'defaultGateways'>,
  family: GatewayConfig['family'],
  isUp: IsUp,
): GatewayConfig | undefined {
  const names = defaultGateways[family]
  const chosen = names.find(isUp) ?? names[0]
  return gateways.find((each) => each.name === chosen)
}

/** The mark of packets that have to take a gateway, and the number of the routing table that leads them there. */
export function markOf({ gateways }: Pick<SystemConfig, 'gateways'>, { name }: GatewayConfig): number {
  return 0x101 + gateways.findIndex((each) => each.name === name)
}
