import type { Clock } from '../../../../ports/clock.ts'
import type { FirewallRoles } from '../../../../ports/firewall.ts'
import { commandRoles } from '../../command-line/index.ts'
import type { RestClient } from '../../rest/client.ts'
import type { Credentials } from '../../rest/credentials.ts'
import { fileConfigSync } from '../../sync/config-files.ts'
import { pfsenseCarp, pfsenseHaReader } from './carp.ts'
import { promptCommander } from './commander.ts'
import { pfsenseFirmware } from './firmware.ts'

/** What the REST package v2 of a pfSense can do; what has no endpoint goes over its command prompt. */
export function pfsenseOverRest(client: RestClient, clock: Clock): FirewallRoles {
  const commander = promptCommander(client)
  const haReader = pfsenseHaReader(client, commander)
  return {
    ...commandRoles(commander, clock),
    haReader,
    ...pfsenseCarp(client, haReader, clock),
    configSync: fileConfigSync(commander, '/etc/rc.filter_synchronize'),
    firmware: pfsenseFirmware(client, commander),
  }
}

/** The REST package takes a local user with password. */
export const pfsenseAuthorization = ({ login }: Credentials): string | null =>
  login && `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`
