import type { SystemConfig } from '../config.ts'
import { contains } from './network.ts'
import type { GatewayConfig } from './gateway.ts'
import { defaultGateway, type IsUp, markOf } from './gateway-choice.ts'

/** Which devices can have routes now: up, and there. */
export type HasDevice = (device: string) => boolean

// `ip -batch` knows the family by the addresses only.
const everywhere = { inet: '0.0.0.0/0', inet6: '::/0' } as const

type Config = Pick<SystemConfig, 'interfaces' | 'gateways' | 'defaultGateways'>

/** Once, at the start: what has a gateway's mark looks into that gateway's table, which otherwise leads nowhere. */
export function steeringCommands(config: Config): string[] {
  return config.gateways.flatMap((gateway) => {
    const mark = markOf(config, gateway)
    const rule = `rule add from ${everywhere[gateway.family]} fwmark ${mark} lookup ${mark} pref ${mark}`
    return [rule, `route replace blackhole ${everywhere[gateway.family]} metric 9999 table ${mark}`]
  })
}

/**
 * The routes as they are to be now: each gateway's table, a way to its monitor address, and the default of each family.
 * May be repeated at any time; what cannot be yet is left out.
 */
export function routeCommands(config: Config, isUp: IsUp, hasDevice: HasDevice): string[] {
  const reachable = config.gateways.filter(({ device }) => hasDevice(device))
  const own = reachable.flatMap((gateway) => [
    `route replace ${everywhere[gateway.family]} ${wayOf(gateway)} table ${markOf(config, gateway)}`,
    ...monitorRoute(config, gateway),
  ])
  const defaults = (['inet', 'inet6'] as const).flatMap((family) => {
    const gateway = defaultGateway(config, family, isUp)
    if (gateway === undefined || !hasDevice(gateway.device)) return []
    return [`route replace ${everywhere[family]} ${wayOf(gateway)}`]
  })
  return [...own, ...defaults]
}

// As both products do, so that a probe never leaves by another gateway; a neighbour needs none.
function monitorRoute({ interfaces }: Config, gateway: GatewayConfig): string[] {
  const { monitor, address, device } = gateway
  if (monitor === undefined || address === undefined || monitor === address) return []
  const on = interfaces.find((each) => each.device === device)
  const networks = [on?.address, on?.address6].flatMap((cidr) => (cidr === undefined || cidr === 'dhcp' ? [] : cidr))
  if (networks.some((cidr) => contains(cidr, monitor))) return []
  return [`route replace ${monitor} ${wayOf(gateway)}`]
}

function wayOf({ address, device }: GatewayConfig): string {
  return address === undefined ? `dev ${device}` : `via ${address} dev ${device} onlink`
}
