import type { CollectedLine } from '../../model/collected-line.ts'
import type { LogCollector } from '../../ports/log-collector.ts'
import type { Shell } from '../../ports/shell.ts'

/** Where a collector keeps what comes: `<when, UTC> <from> <message>`, one line each. */
const file = '/var/log/remote.log'
const mostLines = 500
const script = `date +%s%N; grep -a -E "carp: [0-9]+@" ${file} 2>/dev/null | tail -n ${mostLines}; true`

/** Reads the log collector of a lab over its shell. */
export const remoteLog = (shell: Pick<Shell, 'run'>, machine: string): LogCollector => ({
  machine,
  async read(signal) {
    const [clock = '', ...lines] = (await shell.run(machine, script, { signal })).split('\n')
    if (!/^\d{19}$/.test(clock)) throw new Error(`expected the time of ${machine} in ns, came "${clock.slice(0, 40)}"`)
    return { wallMs: Number(clock) / 1e6, lines: lines.flatMap((line) => parseCollected(line) ?? []) }
  },
})

/** RFC 5424 names the host third, what BSD has always sent names it behind the time. */
const rfc5424 = /^<\d{1,3}>1 \S+ (\S+) /
const bsd = /^<\d{1,3}>\w{3} [ \d]\d \d\d:\d\d:\d\d (\S+) /
const change = /\bcarp: (\d{1,3})@[\w.:-]+: (MASTER|BACKUP|INIT) -> (MASTER|BACKUP|INIT)\b/

/** What a collected line tells of a role change; null where it tells of none. */
export function parseCollected(line: string): CollectedLine | null {
  const [, stamp = '', message = ''] = /^(\S+) \S+ (.*)$/.exec(line) ?? []
  const [, host] = rfc5424.exec(message) ?? bsd.exec(message) ?? []
  const [, vhid, from, to] = change.exec(message) ?? []
  const wallMs = microseconds(stamp)
  if (host === undefined || from === undefined || to === undefined || Number.isNaN(wallMs)) return null
  return { wallMs, node: host.split('.', 1)[0] ?? host, vhid: Number(vhid), from, to }
}

/** `Date` knows ms only; the three digits behind them are added. */
const microseconds = (stamp: string): number =>
  Date.parse(stamp.replace(/(\.\d{3})\d*Z$/, '$1Z')) + Number(/\.\d{3}(\d{3})Z$/.exec(stamp)?.[1] ?? 0) / 1000
