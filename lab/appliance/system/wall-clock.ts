import { existsSync, readFileSync } from 'node:fs'

/** The appliance's own clock: what it shows people, and writes into its log. */
export type WallClock = {
  /** Moves with a step of the clock, as `kern.boottime` does: uptime does not. */
  bootedAt: () => Date
  now: () => Date
  /** Steps it. Forgotten at the next boot; the host's clock is never touched. */
  set: (at: Date) => void
  uptimeSeconds: () => number
}

/**
 * Starts it at boot. `/conf/clock-offset`, in milliseconds, makes it go wrong by so much, as the clock of a firewall that
 * has not met a time server; the host's clock is never touched.
 */
export function startWallClock(offsetFile = '/conf/clock-offset'): WallClock {
  const text = existsSync(offsetFile) ? readFileSync(offsetFile, 'utf8').trim() : '0'
  let offsetMs = /^-?\d{1,12}$/.test(text) ? Number(text) : 0
  const [startedMs, bootMs] = [performance.now(), Date.now()]
  const now = (): Date => new Date(Date.now() + offsetMs)
  return {
    bootedAt: () => new Date(bootMs + offsetMs),
    now,
    set: (at) => void (offsetMs += at.getTime() - now().getTime()),
    uptimeSeconds: () => (performance.now() - startedMs) / 1000,
  }
}
