import type { Clock } from '../../../ports/clock.ts'
import type { CarpLog } from '../../../ports/firewall.ts'
import { parseIsoTime } from '../freebsd/local-time.ts'
import { parseLogLine } from '../freebsd/log-line.ts'
import { type WallReading, measureLogClock } from '../log-clock.ts'
import { refusal } from '../refusal.ts'
import type { Commander } from './commander.ts'

const wanted = 'carp: |link state changed to'
const mostLines = 5000
const limitMs = 10_000

/** The newest two log files of each product, so that midnight and rotation lose nothing. Compressed ones are left out. */
const files = '$(ls -t /var/log/system/system_*.log /var/log/system.log /var/log/system.log.0 2>/dev/null | head -n 2)'
const script = `cat /dev/null ${files} | grep -E "${wanted}" | tail -n ${mostLines}; true`

/** FreeBSD's date prints `N` for %N before release 14.1: the clock counts whole seconds then. */
const date = 'date +%Y-%m-%dT%H:%M:%S.%N'

/** What the kernel logged of CARP, from the log files; the log's clock is that of `date`. */
export function commandCarpLog(commander: Commander, clock: Clock): CarpLog {
  const readClock = (node: string) => async (signal: AbortSignal) => await wallOf(commander, node, signal)
  return {
    clock: (node, signal) => measureLogClock(readClock(node), clock, signal),
    entries: async (node, sinceMs, signal) => {
      const { text } = await commander.run(node, script, 'show its system log', signal, limitMs)
      const entries = text.split('\n').flatMap((line) => parseLogLine(line, sinceMs) ?? [])
      return entries
        .filter(({ atMs, resolutionMs }) => atMs + resolutionMs > sinceMs)
        .toSorted((a, b) => a.atMs - b.atMs)
    },
  }
}

async function wallOf(commander: Commander, node: string, signal: AbortSignal): Promise<WallReading> {
  const { text, sentMs, ackedMs } = await commander.run(node, date, 'tell its time', signal)
  const time = parseIsoTime(text.trim())
  if (time === null) throw refusal('not-understood', `expected a time from ${node}, came "${text.trim().slice(0, 40)}"`)
  return { wallMs: time.ms, resolutionMs: time.resolutionMs, sentMs, ackedMs }
}
