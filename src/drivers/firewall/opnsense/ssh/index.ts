import type { Clock } from '../../../../ports/clock.ts'
import type { FirewallRoles } from '../../../../ports/firewall.ts'
import { commandRoles } from '../../command-line/index.ts'
import type { Commander } from '../../command-line/commander.ts'
import { fileConfigSync } from '../../sync/config-files.ts'
import { configctlCarp } from './carp.ts'

/** What root's command line can do at an OPNsense. Updates are left to the API. */
export function opnsenseOverSsh(commander: Commander, clock: Clock): FirewallRoles {
  const roles = commandRoles(commander, clock)
  return {
    ...roles,
    ...configctlCarp(commander, roles.haReader, clock),
    configSync: fileConfigSync(commander, '/usr/local/etc/rc.filter_synchronize'),
  }
}
