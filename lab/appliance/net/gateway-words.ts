import type { Flavour, SystemConfig } from '../config.ts'
import type { SystemLog } from '../system/system-log.ts'
import type { Quality } from './dpinger.ts'
import type { GatewayConfig } from './gateway.ts'

const daemonWarning = 28
const userNotice = 13

/** The lines of dpinger, and of what its alarm starts, in the product's words. */
export function tellAlarm(
  log: SystemLog,
  flavour: Flavour,
  gateway: GatewayConfig,
  quality: Quality,
  isDown: boolean,
): void {
  const { name, monitor = '' } = gateway
  const { latencyUs, deviationUs, loss } = quality
  const word = isDown ? 'Alarm' : 'Clear'
  log.program(
    'dpinger',
    `${name} ${monitor}: ${word} latency ${latencyUs}us stddev ${deviationUs}us loss ${loss}%`,
    daemonWarning,
  )
  const [rtt, deviation] = [latencyUs, deviationUs].map((us) => (us / 1000).toFixed(1))
  if (flavour === 'opnsense') {
    const change = isDown ? 'none -> down' : 'down -> none'
    const line = `ALERT: ${name} (Addr: ${monitor} Alarm: ${change} RTT: ${rtt} ms RTTd: ${deviation} ms Loss: ${loss}.0 %)`
    return log.program('dpinger', line, daemonWarning)
  }
  const line = `>>> Gateway alarm: ${name} (Addr:${monitor} Alarm:${isDown ? 1 : 0} RTT:${rtt}ms RTTsd:${deviation}ms Loss:${loss}%)`
  log.program('rc.gateway_alarm', line, daemonWarning)
}

/** What becomes of the groups that a gateway belongs to. */
export function tellGroups(
  log: SystemLog,
  { gatewayGroups }: SystemConfig,
  { name }: GatewayConfig,
  isDown: boolean,
): void {
  for (const group of gatewayGroups.filter(({ tiers }) => tiers.flat().includes(name))) {
    const what = isDown ? 'is down, omitting from' : 'is available now, adding to'
    log.program('rc.gateway_alarm', `MONITOR: ${name} ${what} routing group ${group.name}`, userNotice)
  }
}

/** Another default route. */
export function tellDefault(
  log: SystemLog,
  flavour: Flavour,
  { name, address = '', device, family }: GatewayConfig,
): void {
  if (flavour === 'opnsense') {
    return log.program(
      'rc.routing_configure',
      `ROUTING: setting ${family} default route to ${address || device}`,
      userNotice,
    )
  }
  log.program('rc.gateway_alarm', `Default gateway setting ${name} (${address || device}) as default.`, userNotice)
}
