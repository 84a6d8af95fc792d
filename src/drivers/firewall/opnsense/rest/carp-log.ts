import { z } from 'zod'
import type { Clock } from '../../../../ports/clock.ts'
import type { CarpLogEntry } from '../../../../model/carp-log.ts'
import type { CarpLog } from '../../../../ports/firewall.ts'
import { parseIsoTime, parsePhpTime } from '../../freebsd/local-time.ts'
import { entryOf } from '../../freebsd/log-line.ts'
import { type WallReading, measureLogClock } from '../../log-clock.ts'
import { refusal } from '../../refusal.ts'
import type { RestCall, RestClient } from '../../rest/client.ts'
import { systemTimeCall } from './system.ts'

const rowSchema = z.object({ timestamp: z.string(), process_name: z.string().nullish(), line: z.string() })
type Row = z.output<typeof rowSchema>

/** Lines of CARP and of links; the words of a phrase are ANDed, hence two questions. */
const phrases = ['carp:', 'link state changed']
const mostRows = 5000
/** The API wants UTC and tells local time: no zone is farther away. */
const farthestZoneMs = 15 * 3600 * 1000

const logCall = (searchPhrase: string, sinceMs: number): RestCall<{ rows: Row[] }> => ({
  method: 'POST',
  path: '/api/diagnostics/log/core/system',
  form: {
    current: 1,
    rowCount: mostRows,
    searchPhrase,
    validFrom: Math.max(0, Math.floor((sinceMs - farthestZoneMs) / 1000)),
  },
  answer: z.object({ rows: z.array(rowSchema) }),
  privilege: '"Diagnostics: Logs: System"',
  limitMs: 15_000,
})

/** What the kernel of an OPNsense logged of CARP, by the API; its clock of whole seconds is that of `system_time`. */
export function opnsenseCarpLog(client: RestClient, clock: Clock): CarpLog {
  return {
    clock: (node, signal) => measureLogClock((stop) => wallOf(client, node, stop), clock, signal),
    entries: async (node, sinceMs, signal) => {
      const rows: Row[] = []
      for (const phrase of phrases)
        rows.push(...(await client.call(node, logCall(phrase, sinceMs), signal)).answer.rows)
      return entriesOf(rows, sinceMs)
    },
  }
}

/** Rows come newest first; lines of one second stay in the order in which they were logged. */
export function entriesOf(rows: readonly Row[], sinceMs: number): CarpLogEntry[] {
  const kernel = rows.filter(({ process_name: name }) => name === 'kernel')
  const entries = kernel.toReversed().flatMap(({ timestamp, line }) => entryOf(parseIsoTime(timestamp), line) ?? [])
  return entries.filter(({ atMs, resolutionMs }) => atMs + resolutionMs > sinceMs).toSorted((a, b) => a.atMs - b.atMs)
}

async function wallOf(client: RestClient, node: string, signal: AbortSignal): Promise<WallReading> {
  const { answer, sentMs, ackedMs } = await client.call(node, systemTimeCall, signal)
  const wallMs = parsePhpTime(answer.datetime)
  if (wallMs === null)
    throw refusal('not-understood', `expected a time from ${node}, came "${answer.datetime.slice(0, 40)}"`)
  return { wallMs, resolutionMs: 1000, sentMs, ackedMs }
}
