import { z } from 'zod'

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const
const pattern = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h)$/

/** Longest duration that any field accepts: a day. Nothing in a drill may wait longer. */
const maxDurationMs = 86_400_000

/** A duration with its unit (`200ms`, `5s`, `2m`, `1h`), parsed to milliseconds, more than 0 and at most a day. */
export const durationSchema = z
  .string({ error: 'expected a duration with its unit, like 200ms, 5s or 2m' })
  .regex(pattern, { error: 'expected a duration with its unit, like 200ms, 5s or 2m' })
  .transform(toMs)
  .refine((ms) => ms > 0 && ms <= maxDurationMs, { error: 'expected a duration above 0 and at most 24h' })

function toMs(text: string): number {
  const match = pattern.exec(text)
  const unit = match?.[2]
  return unit === 'ms' || unit === 's' || unit === 'm' || unit === 'h' ? Number(match?.[1]) * unitMs[unit] : Number.NaN
}
