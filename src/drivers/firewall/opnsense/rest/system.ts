import { z } from 'zod'
import type { FirewallSystem, SystemReader } from '../../../../ports/firewall.ts'
import { releaseIn } from '../../command-line/system-reader.ts'
import { parsePhpTime } from '../../freebsd/local-time.ts'
import { refusal } from '../../refusal.ts'
import type { RestCall, RestClient } from '../../rest/client.ts'

const privilege = '"Lobby: Dashboard"'
const informationCall: RestCall<{ versions: string[] }> = {
  method: 'GET',
  path: '/api/diagnostics/system/system_information',
  answer: z.object({ versions: z.array(z.string()) }),
  privilege,
}

export type SystemTime = z.output<typeof timeSchema>
const timeSchema = z.object({ uptime: z.string(), datetime: z.string(), boottime: z.string().optional() })

/** The node's time to the second, in local time. */
export const systemTimeCall: RestCall<SystemTime> = {
  method: 'GET',
  path: '/api/diagnostics/system/system_time',
  answer: timeSchema,
  privilege,
}

/** What an OPNsense runs, and since when, by its API. Releases that do not tell the boot time tell the uptime. */
export const opnsenseSystem = (client: RestClient): SystemReader => ({
  read: async (node, signal) => {
    const information = await client.call(node, informationCall, signal)
    const time = await client.call(node, systemTimeCall, signal)
    return parseSystem(node, information.answer.versions, time.answer)
  },
})

/** Parses both answers. */
export function parseSystem(node: string, versions: readonly string[], time: SystemTime): FirewallSystem {
  const system = releaseIn(versions[0] ?? '', '')
  const uptimeSeconds = parseUptime(time.uptime)
  const nowMs = parsePhpTime(time.datetime)
  if (system === null || uptimeSeconds === null || nowMs === null)
    throw refusal(
      'not-understood',
      `expected ${node} to tell release, uptime and time, came ${JSON.stringify([versions[0], time]).slice(0, 200)}`,
    )
  const bootMs = time.boottime === undefined ? null : parsePhpTime(time.boottime)
  return { ...system, uptimeSeconds, bootTime: (bootMs ?? nowMs - uptimeSeconds * 1000) / 1000 }
}

/** `1 day, 02:03:04`, or without days; null where it is something else. */
export function parseUptime(text: string): number | null {
  const match = /^(?:(\d{1,5}) \S+ )?(\d{2}):(\d{2}):(\d{2})$/.exec(text.trim())
  if (match === null) return null
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0))
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
}
