import type { Lab, Vip } from '../model/lab.ts'
import type { Interval } from '../model/interval.ts'
import { crashTakeoverRange } from './timers.ts'
import type { Timers } from './timers.ts'

/** A fault as far as CARP's timers care: its kind, and the network that it cuts where it cuts one. */
export interface SilencingFault {
  kind: string
  network: string | null
}

/** How long CARP itself needs until the backup has one VIP. */
export interface TakeoverLimit {
  vip: Vip
  backup: string
  timers: Timers
  /** From the fault to the takeover, ms. */
  range: Interval
}

/** After these the master says nothing more on any network, without a goodbye. */
const silencing = ['vm-stop', 'vm-suspend', 'vm-reset', 'node-death', 'carp-disable']
/** After this it says nothing more on one network, and knows it: its other VIPs move at once. */
const cutting = 'link-down'

/** The limits of the VIPs for which a backup's timer decides when it takes over, after `fault` on the master; none where timers do not decide. */
export function takeoverLimits(lab: Lab, fault: SilencingFault, master: string): TakeoverLimit[] {
  const { primary, secondary, vips } = lab.pair
  const backup = master === primary ? secondary : primary
  const isSilenced = ({ network }: Vip) =>
    silencing.includes(fault.kind) || (fault.kind === cutting && network === fault.network)
  return vips.filter(isSilenced).map((vip) => {
    const timers = timersOf(vip, master, backup)
    return { vip, backup, timers, range: crashTakeoverRange(timers) }
  })
}

const timersOf = ({ advbase, skew }: Vip, master: string, backup: string): Timers => ({
  advbase,
  masterSkew: skew[master] ?? 0,
  backupSkew: skew[backup] ?? 0,
})

/** The limit of the pair: it has taken over when its slowest VIP has; null without limits. */
export function slowestOf(limits: readonly TakeoverLimit[]): Interval | null {
  if (limits.length === 0) return null
  return {
    low: Math.max(...limits.map(({ range }) => range.low)),
    high: Math.max(...limits.map(({ range }) => range.high)),
  }
}
