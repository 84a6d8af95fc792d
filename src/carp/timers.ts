/** One VIP's timers as seen from a change of master: `advbase` in s, the skews in 1/256 s. */
export interface Timers {
  advbase: number
  masterSkew: number
  backupSkew: number
}

/** A stretch of time, ms. */
interface Range {
  low: number
  high: number
}

/** Timers of a FreeBSD guest round up to the next but one tick of hz=100, ms. */
export const ticksMs = 20

/** Milliseconds between two advertisements of a master: advbase + skew/256 s. */
export const advertPeriodMs = (advbase: number, skew: number): number => 1000 * advbase + (1000 * skew) / 256

/** How long a backup hears nothing before it takes over, ms: 3 x advbase + its own skew/256 s (`ip_carp.c`, `carp_setrun`). */
export const masterDownMs = (advbase: number, skew: number): number => 3000 * advbase + (1000 * skew) / 256

/**
 * How long after the master fell silent its backup takes over, ms: the backup's timer runs from the last advertisement,
 * which was sent up to one period before. Uniform over the range, up to the ticks at its end.
 */
export function crashTakeoverRange({ advbase, masterSkew, backupSkew }: Timers): Range {
  const waitMs = masterDownMs(advbase, backupSkew)
  return { low: waitMs - advertPeriodMs(advbase, masterSkew), high: waitMs + ticksMs }
}
