/** A duration as pf prints it: `01:02:03`, over a day `1d02:03:04`. */
export function formatClock(seconds: number): string {
  const parts = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60]
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':')
  const days = Math.floor(seconds / 86_400)
  return days === 0 ? clock : `${days}d${clock}`
}
