/** CARP's three states. */
export type CarpState = 'INIT' | 'BACKUP' | 'MASTER'

/** Which of its addresses an advertisement speaks for: those of IPv4 or of IPv6. */
export type Family = 'inet' | 'inet6'

/**
 * When a VHID has to act: its next advertisement in MASTER, in BACKUP the death of its master. IPv4 and IPv6 wait for the
 * master separately and share one state.
 */
export type Timers = { readonly advertise?: number; readonly inet?: number; readonly inet6?: number }

/** One virtual host on one NIC. */
export type Vhid = {
  readonly vhid: number
  readonly device: string
  readonly advbase: number
  readonly advskew: number
  /** Those that it has addresses of. */
  readonly families: readonly Family[]
  readonly state: CarpState
  readonly linkUp: boolean
  /** Whether this VHID has added its share to the demotion because its interface is down. */
  readonly suppressed: boolean
  readonly timers: Timers
  /** Advertisements that could not be sent, and those that could since then. */
  readonly sendErrors: number
  readonly sendSuccesses: number
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
