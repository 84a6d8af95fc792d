/**
 * A node's local time, as ms since 1970 if it were UTC. Logs and APIs print it without a zone, so all of one node's times are compared
 * on that scale; null where the text is no time.
 */
export function parseIsoTime(text: string): { ms: number; resolutionMs: number } | null {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:[.,](\d{1,9}))?/.exec(text)
  const ms = match === null ? NaN : Date.parse(`${match[1]}T${match[2]}Z`)
  if (Number.isNaN(ms)) return null
  const fraction = match?.[3] ?? ''
  return { ms: ms + Number(`0.${fraction}0`) * 1000, resolutionMs: 1000 / 10 ** fraction.length }
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** PHP's `D M j G:i:s T Y`, as `Sun Jul 26 20:45:31 CEST 2026`; null where the text is something else. */
export function parsePhpTime(text: string): number | null {
  const match = /^\w{3} (\w{3}) {1,2}(\d{1,2}) (\d{1,2}):(\d{2}):(\d{2}) (?:\S+ )?(\d{4})$/.exec(text.trim())
  if (match === null) return null
  const [, month = '', ...rest] = match
  const [day = 0, hour = 0, minute = 0, second = 0, year = 0] = rest.map(Number)
  return months.includes(month) ? Date.UTC(year, months.indexOf(month), day, hour, minute, second) : null
}

/** The time of a BSD log line, `Jul 26 20:45:31`, whose year is the one that puts it nearest to `nearMs`. */
export function parseBsdTime(text: string, nearMs: number): number | null {
  const thisYear = new Date(nearMs).getUTCFullYear()
  const years = [thisYear - 1, thisYear, thisYear + 1]
  const [first, ...others] = years.flatMap((year) => parsePhpTime(`Day ${text} ${year}`) ?? [])
  if (first === undefined) return null
  return others.reduce((best, ms) => (Math.abs(ms - nearMs) < Math.abs(best - nearMs) ? ms : best), first)
}
