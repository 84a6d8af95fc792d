import type { HaState } from '../../../model/ha-state.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { FirewallRoles } from '../../../ports/firewall.ts'

/** A settled pair and one way in to it that is to be tried. */
export interface Bench {
  product: 'OPNsense' | 'pfSense'
  /** As in the image's name, `25.7`. */
  release: string
  primary: string
  backup: string
  /** The way in under test. */
  roles: FirewallRoles
  /** What the kernels say over SSH, whatever is under test. */
  kernel: Required<Pick<FirewallRoles, 'haReader' | 'carpOverride' | 'carpLog' | 'system'>>
  /** The same way in where somebody else uses the maintenance verb right before each use of it; absent where the verb is no toggle. */
  raced?: FirewallRoles
  /** The same way in as a user who may see the CARP status page, and nothing else; absent where it has no such users. */
  restricted?: FirewallRoles
  /** Makes the node forget its maintenance flag and nothing else, as another writer of its configuration would. */
  loseFlag(node: string): Promise<void>
  /** Adds to the demotion of a node, past every driver. */
  demote(node: string, by: number): Promise<void>
  clock: Clock
  signal: AbortSignal
}

/** One sentence about a way in, and how to find out whether it holds. */
export interface Case {
  name: string
  /** Why it cannot be tried at this bench; null where it can. */
  lacks(bench: Bench): string | null
  /** Throws where it does not hold, and leaves the pair settled where it does. */
  run(bench: Bench): Promise<void>
}

const pollMs = 100

/** Looks at both nodes through the kernel until it is as wanted; throws with what it saw last. */
export async function untilSeen(
  bench: Bench,
  what: string,
  isWanted: (states: { primary: HaState; backup: HaState }) => boolean,
  withinMs = 15_000,
): Promise<void> {
  const { clock, kernel, signal } = bench
  const untilMs = clock.nowMs() + withinMs
  for (;;) {
    const primary = await kernel.haReader.read(bench.primary, signal)
    const backup = await kernel.haReader.read(bench.backup, signal)
    if (isWanted({ primary, backup })) return
    if (clock.nowMs() >= untilMs)
      throw new Error(`expected ${what}, came ${bench.primary} ${inWords(primary)}, ${bench.backup} ${inWords(backup)}`)
    await clock.sleep(pollMs, signal)
  }
}

/** True for a node that is master for all of its VHIDs, and has some. */
export const isMaster = ({ vhids }: HaState): boolean =>
  vhids.length > 0 && vhids.every(({ state }) => state === 'MASTER')

/** Waits until the pair is as every case expects to find it. */
export const untilSettled = (bench: Bench): Promise<void> =>
  untilSeen(
    bench,
    'a settled pair',
    ({ primary, backup }) =>
      isMaster(primary) &&
      [primary, backup].every(({ demotion, allow, maintenance }) => demotion === 0 && allow && maintenance !== true) &&
      backup.vhids.length === primary.vhids.length &&
      backup.vhids.every(({ state }) => state === 'BACKUP'),
    90_000,
  )

function inWords({ vhids, demotion, allow, maintenance }: HaState): string {
  const roles = vhids.map(({ vhid, state, advskew }) => `${vhid} ${state} skew ${advskew}`).join(', ') || 'no VHID'
  return `(${roles}; demotion ${demotion}, allow ${allow}, maintenance ${maintenance})`
}
