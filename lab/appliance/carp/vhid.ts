/** CARP's three states. */
export type CarpState = 'INIT' | 'BACKUP' | 'MASTER'

/** One virtual host on one NIC. `dueMs` is its next advertisement (MASTER) or the death of its master (BACKUP). */
export type Vhid = {
  readonly vhid: number
  readonly device: string
  readonly advbase: number
  readonly advskew: number
  readonly state: CarpState
  readonly linkUp: boolean
  /** Whether this VHID has added its share to the demotion because its interface is down. */
  readonly suppressed: boolean
  readonly dueMs: number | undefined
}

const maxSkew = 240

/** The skew as advertised: configured plus demotion, between 0 and 240. */
export function demotedSkew({ advskew }: { advskew: number }, demotion: number): number {
  return Math.min(Math.max(advskew + demotion, 0), maxSkew)
}

/** Time between two advertisements. */
export function intervalMs(advbase: number, advskew: number): number {
  return advbase * 1000 + (advskew * 1000) / 256
}

/** How long a BACKUP waits for the next advertisement: its own values, the demotion does not count. */
export function masterDownMs({ advbase, advskew }: { advbase: number; advskew: number }): number {
  return 3 * advbase * 1000 + (advskew * 1000) / 256
}
