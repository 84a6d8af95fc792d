import type { Clock } from '../../../ports/clock.ts'
import type { FirewallRoles } from '../../../ports/firewall.ts'
import { commandCarpLog } from './carp-log.ts'
import { commandCarpOverride } from './carp-override.ts'
import type { Commander } from './commander.ts'
import { commandHaReader } from './ha-reader.ts'
import { commandPacketFilter } from './packet-filter.ts'
import { commandStateSync } from './state-sync.ts'
import { commandSystemReader } from './system-reader.ts'

/** What any FreeBSD with CARP and pf can be asked and told on its command line, OPNsense and pfSense alike. */
export function commandRoles(commander: Commander, clock: Clock) {
  const haReader = commandHaReader(commander)
  return {
    haReader,
    carpOverride: commandCarpOverride(commander, haReader, clock),
    filter: commandPacketFilter(commander),
    stateSync: commandStateSync(commander),
    carpLog: commandCarpLog(commander, clock),
    system: commandSystemReader(commander),
  } satisfies FirewallRoles
}
