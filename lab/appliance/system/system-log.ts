import { appendFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, unlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Flavour } from '../config.ts'
import type { LogControl, LogEntry, LogQuery } from '../control/control.ts'
import { formatBsd, formatRfc5424, type LogText, parseLine } from './log-line.ts'
import type { WallClock } from './wall-clock.ts'

/** The system log of the firewall: kernel lines and what daemons and hooks say. */
export type SystemLog = {
  kernel: (text: string) => void
  /** `priority` is facility times 8 plus severity. */
  program: (name: string, text: string, priority?: number) => void
}

const kernelInfo = 6
const userError = 11
const mostEntries = 20_000

/**
 * Opens the log as the product keeps it: OPNsense one file a day (RFC 5424, `latest.log` links to the newest), pfSense one
 * file (BSD). What an earlier start wrote today is read again.
 */
export function openSystemLog(
  flavour: Flavour,
  hostName: string,
  clock: WallClock,
  folder = '/var/log',
): SystemLog & LogControl {
  const file = flavour === 'pfsense' ? () => join(folder, 'system.log') : dailyFile(join(folder, 'system'))
  const entries = readEntries(file(clock.now()), clock.now())
  const listeners = new Set<(entry: LogEntry) => void>()
  let sequence = 0
  function append(text: Omit<LogText, 'at' | 'hostName'>): void {
    const whole = { ...text, at: clock.now(), hostName }
    sequence += 1
    const raw = flavour === 'pfsense' ? formatBsd(whole) : formatRfc5424(whole, sequence)
    appendFileSync(file(whole.at), `${raw}\n`)
    const entry = parseLine(raw, whole.at)
    if (entry === undefined) return
    if (entries.push(entry) > mostEntries) entries.shift()
    for (const listener of listeners) listener(entry)
  }
  return {
    kernel: (text) => {
      const prefix = flavour === 'pfsense' ? '' : `<6>[${Math.floor(clock.uptimeSeconds())}] `
      append({ priority: kernelInfo, name: 'kernel', text: `${prefix}${text}` })
    },
    program: (name, text, priority = userError) => append({ priority, name, text }),
    entries: (query) => selectEntries(entries, query),
    follow: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The lines that a query wants, newest first. */
function selectEntries(entries: readonly LogEntry[], query: LogQuery = {}): LogEntry[] {
  const { phrase = '', since, severities = [], limit = Number.POSITIVE_INFINITY } = query
  const words = phrase.toLowerCase().split(/\s+/)
  const wanted = entries.filter(({ at, raw, severity }) => {
    const isNew = since === undefined || at >= since
    const isSevere = severities.length === 0 || severities.includes(severity)
    return isNew && isSevere && words.every((word) => raw.toLowerCase().includes(word))
  })
  return wanted.toReversed().slice(0, limit)
}

function readEntries(file: string, now: Date): LogEntry[] {
  mkdirSync(dirname(file), { recursive: true })
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => parseLine(line, now) ?? [])
}

function dailyFile(folder: string): (at: Date) => string {
  let today = ''
  return (at) => {
    const name = `system_${at.toISOString().slice(0, 10).replaceAll('-', '')}.log`
    if (name !== today) {
      mkdirSync(folder, { recursive: true })
      pointTo(folder, name)
      today = name
    }
    return join(folder, name)
  }
}

function pointTo(folder: string, name: string): void {
  const link = join(folder, 'latest.log')
  try {
    unlinkSync(link)
  } catch {
    // The first log of this machine.
  }
  symlinkSync(name, link)
}
