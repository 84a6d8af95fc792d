import { refusal } from '../refusal.ts'

/** Seconds since 1970 in `sysctl -n kern.boottime`: `{ sec = 1753561234, usec = 0 } Sat Jul 26 …`. */
export function parseBootTime(text: string): number {
  const seconds = /\bsec = (\d{9,11})\b/.exec(text)?.[1]
  if (seconds !== undefined) return Number(seconds)
  throw refusal(
    'not-understood',
    `expected "{ sec = <seconds>, usec = … }" as the boot time, came "${text.trim().slice(0, 60)}"`,
  )
}
