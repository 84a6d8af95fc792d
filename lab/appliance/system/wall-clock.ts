import { existsSync, readFileSync } from 'node:fs'

/** The appliance's own clock: what it shows people, and writes into its log. */
export type WallClock = { bootedAt: Date; now: () => Date; uptimeSeconds: () => number }

/**
 * Starts it at boot. `/conf/clock-offset`, in milliseconds, makes it go wrong by so much, as the clock of a firewall that
 * has not met a time server; the host's clock is never touched.
 */
export function startWallClock(offsetFile = '/conf/clock-offset'): WallClock {
  const text = existsSync(offsetFile) ? readFileSync(offsetFile, 'utf8').trim() : '0'
  const offsetMs = /^-?\d{1,12}$/.test(text) ? Number(text) : 0
  const startedMs = performance.now()
  const now = (): Date => new Date(Date.now() + offsetMs)
  return { bootedAt: now(), now, uptimeSeconds: () => (performance.now() - startedMs) / 1000 }
}
