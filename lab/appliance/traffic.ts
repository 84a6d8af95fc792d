import type { ApplianceConfig } from './config.ts'
import { Gateways } from './net/gateways.ts'
import type { IpShell } from './net/ip-shell.ts'
import type { Interfaces } from './net/monitor-line.ts'
import { reloadRules } from './pf/loader.ts'
import { startInsideServices } from './services/inside.ts'
import { Tunnels } from './services/openvpn.ts'
import type { SystemLog } from './system/system-log.ts'

/** What traffic needs of the rest. `isFilterOff`: pf sleeps, and a reload must not wake it. */
export type TrafficSurroundings = {
  config: ApplianceConfig
  shell: IpShell
  log: SystemLog
  interfaces: Interfaces
  isFilterOff: () => boolean
}

/** Where traffic goes: gateways and tunnels. */
export type Traffic = { gateways: Gateways; tunnels: Tunnels; start: () => Promise<void> }

/** Connects rules, gateways, tunnels and the services of the inside; nothing runs before `start`. */
export function createTraffic(around: TrafficSurroundings): Traffic {
  const { config, log, isFilterOff } = around
  const reload = async (): Promise<void> => {
    try {
      await reloadRules(config, { isUp: gateways.isUp, isOff: isFilterOff() })
    } catch (error) {
      log.program('filter', error instanceof Error ? error.message : String(error))
    }
  }
  const gateways: Gateways = new Gateways({ ...around, reload })
  const tunnels = new Tunnels({
    config,
    log,
    tunnelChanged: (device, isOpen) => void gateways.tunnelChanged(device, isOpen),
  })
  return {
    gateways,
    tunnels,
    start: async () => {
      await gateways.start()
      await reload()
      tunnels.start()
      startInsideServices(config, log)
    },
  }
}
