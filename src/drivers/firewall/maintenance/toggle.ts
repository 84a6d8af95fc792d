import type { Clock } from '../../../ports/clock.ts'
import type { HaReader, MaintenanceControl } from '../../../ports/firewall.ts'
import type { RequestInterval } from '../../../ports/hypervisor.ts'
import { refusal } from '../refusal.ts'

/** What the one verb of OPNsense did this time. */
export type ToggleAction = 'enter_maintenance' | 'leave_maintenance'

/** The parts of a way in that the maintenance of OPNsense is made of. */
export interface Toggle {
  haReader: HaReader
  /** The verb: enters where the flag is unset, leaves where it is set. */
  flip(node: string, signal: AbortSignal): Promise<RequestInterval & { action: ToggleAction }>
  clock: Clock
}

const maintenanceDemotion = 240
const pollMs = 200
const verifyWithinMs = 5000

/** Persistent maintenance of OPNsense, whose only verb is a toggle: read, decide, act, verify flag and demotion. */
export const toggledMaintenance = (toggle: Toggle): MaintenanceControl => ({
  enter: (node, signal) => enter(toggle, node, signal),
  leave: (node, signal) => leave(toggle, node, signal),
})

async function enter(toggle: Toggle, node: string, signal: AbortSignal): Promise<RequestInterval> {
  const before = await look(toggle, node, signal)
  if (before.flag && before.demotion >= maintenanceDemotion) return before.interval
  if (before.flag) throw halfway(node, before.demotion)
  const { action, sentMs, ackedMs } = await toggle.flip(node, signal)
  if (action !== 'enter_maintenance') throw race(node, 'put into', 'took it out again')
  await verify(toggle, node, signal, ({ flag, demotion }) => flag && demotion >= maintenanceDemotion, {
    lost: ({ flag, demotion }) => !flag && demotion >= maintenanceDemotion,
    otherwise: ({ flag, demotion }) =>
      flag ? halfway(node, demotion) : race(node, 'taken out of', 'had put it there'),
  })
  return { sentMs, ackedMs }
}

async function leave(toggle: Toggle, node: string, signal: AbortSignal): Promise<RequestInterval> {
  const before = await look(toggle, node, signal)
  const isLeft = (seen: Seen) => !seen.flag && seen.demotion === 0
  if (isLeft(before)) return before.interval
  if (!before.flag) {
    // A bulk update of state sync, or an interface without link, may demote it for a while, too.
    await verify(toggle, node, signal, isLeft, {
      lost: ({ flag, demotion }) => !flag && demotion === maintenanceDemotion,
    })
    return before.interval
  }
  const { action, sentMs, ackedMs } = await toggle.flip(node, signal)
  if (action !== 'leave_maintenance') throw race(node, 'taken out of', 'put it in again')
  await verify(toggle, node, signal, isLeft, { lost: () => false })
  return { sentMs, ackedMs }
}

interface Seen {
  flag: boolean
  demotion: number
  interval: RequestInterval
}

async function look({ haReader, clock }: Toggle, node: string, signal: AbortSignal): Promise<Seen> {
  const sentMs = clock.nowMs()
  const { maintenance, demotion } = await haReader.read(node, signal)
  if (maintenance === null || demotion === null)
    throw refusal('not-understood', `expected ${node} to tell its maintenance flag and its demotion, it does not`)
  return { flag: maintenance, demotion, interval: { sentMs, ackedMs: clock.nowMs() } }
}

/** Looks until it is as wanted; what is wrong then is told as what it is. */
async function verify(
  toggle: Toggle,
  node: string,
  signal: AbortSignal,
  isWanted: (seen: Seen) => boolean,
  wrong: { lost: (seen: Seen) => boolean; otherwise?: (seen: Seen) => Error },
): Promise<void> {
  const untilMs = toggle.clock.nowMs() + verifyWithinMs
  for (;;) {
    const seen = await look(toggle, node, signal)
    if (isWanted(seen)) return
    if (toggle.clock.nowMs() >= untilMs)
      throw wrong.lost(seen) ? flagLost(node, seen.demotion) : (wrong.otherwise?.(seen) ?? notLeft(node, seen))
    await toggle.clock.sleep(pollMs, signal)
  }
}

const notLeft = (node: string, { flag, demotion }: Seen) =>
  flag
    ? race(node, 'put into', 'had taken it out')
    : refusal(
        'demotion-stuck',
        `expected ${node} without demotion outside maintenance mode, it is demoted by ${demotion}`,
        {
          hint: `wait for state sync and look at its links; then sysctl net.inet.carp.demotion=${-demotion}`,
        },
      )

const flagLost = (node: string, demotion: number) =>
  refusal(
    'maintenance-flag-lost',
    `${node} is demoted by ${demotion} although its maintenance flag is unset: the flag was lost`,
    {
      hint: `once nothing else demotes it (links, state sync): sysctl net.inet.carp.demotion=${-demotion}`,
    },
  )

const halfway = (node: string, demotion: number) =>
  refusal(
    'no-effect',
    `the maintenance flag of ${node} is set, but it is demoted by ${demotion} instead of ${maintenanceDemotion} or more`,
    {
      hint: 'leave maintenance mode and enter it again',
    },
  )

const race = (node: string, what: string, undid: string) =>
  refusal(
    'toggle-race',
    `${node} was ${what} maintenance mode by somebody else in the meantime: this request ${undid}`,
    {
      hint: 'see who else works on it, then ask again',
    },
  )
