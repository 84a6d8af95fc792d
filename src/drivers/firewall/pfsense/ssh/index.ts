import type { Clock } from '../../../../ports/clock.ts'
import type { FirewallRoles } from '../../../../ports/firewall.ts'
import { commandRoles } from '../../command-line/index.ts'
import type { Commander } from '../../command-line/commander.ts'
import { fileConfigSync } from '../../sync/config-files.ts'
import { playbackCarp } from '../playback.ts'

/** What admin's command line can do at a pfSense. */
export function pfsenseOverSsh(commander: Commander, clock: Clock): FirewallRoles {
  const roles = commandRoles(commander, clock)
  return {
    ...roles,
    ...playbackCarp(commander, roles.haReader, clock),
    configSync: fileConfigSync(commander, '/etc/rc.filter_synchronize'),
  }
}
