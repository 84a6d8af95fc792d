import type { Page } from 'playwright'
import { HarnessError, exitCodes } from '../../../model/failure.ts'
import type { HaState } from '../../../model/ha-state.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { FirewallRefusal } from '../../../ports/firewall.ts'
import type { RequestInterval } from '../../../ports/hypervisor.ts'
import type { Login, StatusPage } from './status-page.ts'

/** A person at the status page who wants maintenance mode on or off. */
export interface Wish {
  page: Page
  statusPage: StatusPage
  who: Login
  wanted: boolean
  clock: Clock
  signal: AbortSignal
}

const effectWithinMs = 10_000
const pollMs = 250

/**
 * Reads the page, presses the button only where the mode is not as wanted, and looks again until flag and demotion agree. The button is
 * a toggle on OPNsense: when somebody else pressed it in between, it does the opposite, which is an error and not pressed back.
 */
export async function pressUntil(wish: Wish): Promise<RequestInterval> {
  const { page, statusPage, who, wanted, clock } = wish
  const readMs = clock.nowMs()
  const before = await statusPage.open(page, who)
  if (before.maintenance === wanted) return await effective(wish, { sentMs: readMs, ackedMs: clock.nowMs() })
  const { became, ...interval } = await statusPage.pressMaintenance(page, wanted, () => clock.nowMs())
  if (became !== null && became !== wanted) throw raced(who.node, wanted)
  return await effective(wish, interval)
}

async function effective(wish: Wish, interval: RequestInterval): Promise<RequestInterval> {
  const { page, statusPage, who, clock, signal } = wish
  const untilMs = clock.nowMs() + effectWithinMs
  for (;;) {
    const state = await statusPage.open(page, who)
    const wrong = contradictionOf(state, wish)
    if (wrong === null) return interval
    if (clock.nowMs() > untilMs) throw wrong
    await clock.sleep(pollMs, signal)
  }
}

/** What the node shows that does not fit the mode. Flag and demotion are two things: either can be lost without the other. */
function contradictionOf({ maintenance, demotion }: HaState, wish: Wish): HarnessError | null {
  const { wanted, who, statusPage } = wish
  const { maintenanceDemotion } = statusPage
  const isDemoted = demotion === null || demotion >= Math.max(1, maintenanceDemotion)
  if (maintenance !== wanted) {
    return wanted && isDemoted
      ? failed('maintenance-flag-lost', `${who.node} is demoted, but its maintenance flag is not set`)
      : failed('no-effect', `expected ${who.node} to ${wanted ? 'be in' : 'have left'} maintenance mode, it has not`)
  }
  if (wanted && maintenanceDemotion > 0 && !isDemoted)
    return failed('no-effect', `${who.node} has its maintenance flag set, but is demoted by ${demotion} only`)
  if (!wanted && demotion !== 0)
    return failed('demotion-stuck', `${who.node} has left maintenance mode and is still demoted`)
  return null
}

const raced = (node: string, wanted: boolean) =>
  failed(
    'toggle-race',
    `${node}: somebody else switched maintenance mode at the same time; it is now ${wanted ? 'off' : 'on'}`,
  )

const failed = (kind: FirewallRefusal, message: string) =>
  new HarnessError(message, {
    exitCode: exitCodes.unavailable,
    kind,
    hint: 'look at the CARP status page of the node before the next drill',
  })
