import type { Clock } from '../../../../ports/clock.ts'
import type { FirewallRoles } from '../../../../ports/firewall.ts'
import type { RestClient } from '../../rest/client.ts'
import type { Credentials } from '../../rest/credentials.ts'
import { opnsenseCarp } from './carp.ts'
import { opnsenseCarpLog } from './carp-log.ts'
import { opnsenseConfigSync } from './config-sync.ts'
import { opnsenseFirmware } from './firmware.ts'
import { opnsenseHaReader } from './ha-reader.ts'
import { opnsenseStateSync } from './state-sync.ts'
import { opnsenseSystem } from './system.ts'

/** What the API of an OPNsense can do. It has no verb for pf, for a forced state, or for a demotion. */
export function opnsenseOverRest(client: RestClient, clock: Clock): FirewallRoles {
  const haReader = opnsenseHaReader(client)
  return {
    haReader,
    ...opnsenseCarp(client, haReader, clock),
    stateSync: opnsenseStateSync(client),
    carpLog: opnsenseCarpLog(client, clock),
    system: opnsenseSystem(client),
    configSync: opnsenseConfigSync(client),
    firmware: opnsenseFirmware(client, clock),
  }
}

/** An API key of OPNsense goes as user and password. */
export const opnsenseAuthorization = ({ apiKey }: Credentials): string | null =>
  apiKey && `Basic ${Buffer.from(`${apiKey.key}:${apiKey.secret}`).toString('base64')}`
