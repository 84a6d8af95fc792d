import type { Carp } from '../carp/start-carp.ts'
import type { ApplianceConfig } from '../config.ts'
import type { Pfsync } from '../pfsync/start-pfsync.ts'
import type { SystemLog } from '../system/system-log.ts'
import type { WallClock } from '../system/wall-clock.ts'
import { createCarpControl } from './carp-switches.ts'
import { createConfigSync } from './config-sync.ts'
import type { ConfigStore, Control, FilterControl, LogControl } from './control.ts'
import { createSystemControl, type Machine } from './machine.ts'

/** What the controls of a running firewall act on. */
export type ControlParts = {
  config: ApplianceConfig
  carp: Carp
  pfsync: Pfsync | undefined
  store: ConfigStore
  filter: FilterControl
  clock: WallClock
  log: SystemLog & LogControl
}

/** Everything that can be done to this firewall from outside. */
export function createControl(parts: ControlParts): Control & { system: Machine } {
  const { config, carp, pfsync, store, filter, clock, log } = parts
  return {
    config,
    flavour: config.flavour,
    carp: createCarpControl({ config, carp, pfsync, store }),
    filter,
    pfsync,
    store,
    sync: createConfigSync(config, store, log),
    system: createSystemControl(config.flavour, clock, { carp, log }),
    log,
  }
}
