import type { LogEntry } from '../control/control.ts'

/** What is written into a log; priority is facility times 8 plus severity, as in syslog. */
export type LogText = { priority: number; at: Date; hostName: string; name: string; pid?: string; text: string }

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const rfc5424 = /^<(\d{1,3})>1 (\S+) \S+ (\S+) (\S+) \S+ (?:-|\[[^\]]*\]) (.*)$/
const bsd = /^(\w{3}) ([ \d]\d) (\d\d:\d\d:\d\d) \S+ ([^:[\s]+)(?:\[(\d+)\])?: (.*)$/

/** A line of OPNsense's log; the time is local to the second, with its zone. */
export function formatRfc5424({ priority, at, hostName, name, pid, text }: LogText, sequence: number): string {
  const stamp = `${at.toISOString().slice(0, 19)}+00:00`
  return `<${priority}>1 ${stamp} ${hostName} ${name} ${pid ?? '-'} - [meta sequenceId="${sequence}"] ${text}`
}

/** A line of pfSense's log: neither year nor zone. */
export function formatBsd({ at, hostName, name, pid, text }: LogText): string {
  const day = String(at.getUTCDate()).padStart(2)
  const stamp = `${months[at.getUTCMonth()]} ${day} ${at.toISOString().slice(11, 19)}`
  return `${stamp} ${hostName.split('.')[0]} ${name}${pid === undefined ? '' : `[${pid}]`}: ${text}`
}

/** Reads a line of either; undefined for one that is none. `near` settles the year that pfSense leaves out. */
export function parseLine(raw: string, near: Date): LogEntry | undefined {
  const [, priority, stamp = '', name = '', pid = '-', line = ''] = rfc5424.exec(raw) ?? []
  if (priority !== undefined) {
    const number = Number(priority)
    const rank = { facility: number >> 3, severity: number & 7 }
    return { at: new Date(stamp), ...rank, process: name, pid: pid === '-' ? '' : pid, line, raw }
  }
  const [, month, day, time, program = '', number = '', text = ''] = bsd.exec(raw) ?? []
  if (month === undefined) return undefined
  const at = new Date(`${near.getUTCFullYear()} ${month} ${day} ${time} UTC`)
  if (at.getTime() > near.getTime() + 86_400_000) at.setUTCFullYear(at.getUTCFullYear() - 1)
  return { at, facility: program === 'kernel' ? 0 : 1, severity: 6, process: program, pid: number, line: text, raw }
}
