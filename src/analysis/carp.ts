import type { Interval } from '../model/result.ts'
import type { Lab, Vip } from '../model/lab.ts'
import type { ObservedStep } from './steps.ts'

/** One tick of a FreeBSD guest at hz=100, ms; both CARP timers round up to the next but one. */
const tickMs = 10
const crashes = ['vm-stop']

/**
 * How long after a crash of the master its backup takes over, ms: the backup waits 3 x advbase + skew/256 s after the last advertisement,
 * and the master's last one was sent up to advbase + skew/256 s before it died.
 */
export function crashTakeoverRange(timer: { advbase: number; masterSkew: number; backupSkew: number }): Interval {
  const waitMs = 3000 * timer.advbase + (1000 * timer.backupSkew) / 256
  const periodMs = 1000 * timer.advbase + (1000 * timer.masterSkew) / 256
  return { low: waitMs - periodMs, high: waitMs + 2 * tickMs }
}

/** What CARP's timers allow for a step that crashes one firewall of the pair; null where they do not decide. */
export function carpLimitOf(
  lab: Lab,
  step: Pick<ObservedStep, 'action' | 'kind' | 'machines' | 'ref'>,
): Interval | null {
  const { primary, secondary, vips } = lab.pair
  const [master, ...others] = step.machines.filter((machine) => machine === primary || machine === secondary)
  if (step.action !== 'fault' || !crashes.includes(step.kind) || master === undefined || others.length > 0) return null
  if (step.ref === '$backup') return null
  const ranges = vips.map((vip) => rangeOf(vip, master, master === primary ? secondary : primary))
  if (ranges.length === 0) return null
  return { low: Math.max(...ranges.map(({ low }) => low)), high: Math.max(...ranges.map(({ high }) => high)) }
}

const rangeOf = ({ advbase, skew }: Vip, master: string, backup: string): Interval =>
  crashTakeoverRange({ advbase, masterSkew: skew[master] ?? 0, backupSkew: skew[backup] ?? 0 })
