import type { CarpLogEntry } from '../../../model/carp-log.ts'
import { parseKernelLine } from './kernel-log.ts'
import { parseBsdTime, parseIsoTime } from './local-time.ts'

const rfc5424 = /^<\d{1,3}>1 (\S+) \S+ kernel \S+ \S+ (?:-|\[[^\]]*\]) ?(.*)$/
const bsd = /^(\w{3} [ \d]\d \d{2}:\d{2}:\d{2}) (?:\S+ )?kernel: (.*)$/

/** A line of a system log, RFC 5424 (OPNsense) or BSD (pfSense); null where it is not the kernel on CARP or a link. `nearMs` settles the year. */
export function parseLogLine(line: string, nearMs: number): CarpLogEntry | null {
  const [, stamp = '', text] = rfc5424.exec(line) ?? []
  if (text !== undefined) return entryOf(parseIsoTime(stamp), text)
  const [, bsdStamp = '', bsdText] = bsd.exec(line) ?? []
  if (bsdText === undefined) return null
  const ms = parseBsdTime(bsdStamp, nearMs)
  return entryOf(ms === null ? null : { ms, resolutionMs: 1000 }, bsdText)
}

/** What the kernel logged at a time; null where either is not understood. */
export function entryOf(time: { ms: number; resolutionMs: number } | null, text: string): CarpLogEntry | null {
  const told = parseKernelLine(text)
  return time === null || told === null ? null : { atMs: time.ms, resolutionMs: time.resolutionMs, ...told }
}
