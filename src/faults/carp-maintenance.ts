import { z } from 'zod'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { HaState } from '../model/ha-state.ts'
import { machineRefSchema } from '../model/name.ts'
import type { MaintenanceControl } from '../ports/firewall.ts'
import type { RequestInterval } from '../ports/hypervisor.ts'
import { forEach, together } from './each-machine.ts'
import type { Aim, Effect, Fault, FaultTools } from './fault.ts'

const way = z.enum(['rest', 'ssh', 'webgui'])
const accepted = z.object({ via: way.optional() })

/** Persistent CARP maintenance mode, as an operator enters it before an update. Reference: firewalls page §2.4, §4.1. */
export const carpMaintenance: Fault = {
  kind: 'carp-maintenance',
  needs: ['firewall'],
  params: z.strictObject({
    on: z.union([machineRefSchema, z.array(machineRefSchema).min(1)]),
    /** The way in: the product's API, its shell or its WebGUI; the best one there is where absent. */
    via: way.optional(),
  }),
  howTo: 'puts a firewall into persistent CARP maintenance mode; healed by leaving it (via: rest, ssh or webgui)',

  async prepare(aim, _lab, { haReader, signal }) {
    const states = await Promise.all(aim.machines.map(async (machine) => await haReader.read(machine, signal)))
    const already = aim.machines.filter((_, index) => states[index]?.maintenance !== false)
    if (already.length > 0) throw inMaintenance(already)
    return aim
  },

  begin: (aim, tools) => together(aim.machines, (machine) => controlOf(aim, tools).enter(machine, tools.signal)),
  heal: (aim, tools) => together(aim.machines, (machine) => leave(machine, aim, tools)),
  verifyBegun: (aim, tools) => verify(aim, tools, true),
  verifyHealed: (aim, tools) => verify(aim, tools, false),
  undoByHand: ({ machines }) =>
    `on ${machines.join(' and ')}: leave persistent maintenance mode on the CARP status page`,
}

function controlOf({ params }: Pick<Aim, 'params'>, { firewall }: FaultTools): MaintenanceControl {
  const { via } = accepted.parse(params)
  const { maintenance } = firewall(via)
  if (maintenance !== undefined) return maintenance
  const text = `expected a way to switch maintenance mode${via === undefined ? '' : ` via ${via}`}, came none`
  throw new HarnessError(text, { exitCode: exitCodes.unavailable, kind: 'no-such-role' })
}

/** By the way it was entered; over SSH where that way is not to be had any more: what is undone counts, not how. */
async function leave(machine: string, aim: Aim, tools: FaultTools): Promise<RequestInterval> {
  await untilOnlyOurs(machine, tools)
  try {
    return await controlOf(aim, tools).leave(machine, tools.signal)
  } catch (thrown) {
    tools.signal.throwIfAborted()
    if (!(thrown instanceof HarnessError)) throw thrown
    return await controlOf({ params: { via: 'ssh' } }, tools).leave(machine, tools.signal)
  }
}

const ownDemotion = 240
/** A bulk update of state sync demotes for up to 65 s. */
const othersWithinMs = 75_000
const pollMs = 500

/**
 * Waits until nothing else demotes the node, or time is up. OPNsense sets the demotion to 0 on leaving, whatever it was: what another cause
 * added is then taken away twice when it ends, and the node stays at -240, which nothing heals.
 */
async function untilOnlyOurs(machine: string, { haReader, clock, signal }: FaultTools): Promise<void> {
  const untilMs = clock.nowMs() + othersWithinMs
  while (clock.nowMs() < untilMs) {
    const { demotion } = await haReader.read(machine, signal)
    if ((demotion ?? 0) <= ownDemotion) return
    await clock.sleep(pollMs, signal)
  }
}

const inMaintenance = (machines: string[]) =>
  new HarnessError(`expected ${machines.join(' and ')} outside maintenance mode, as it should be before a drill`, {
    exitCode: exitCodes.unavailable,
    hint: 'leave it on the CARP status page; was an earlier fault not undone? firedrill recover',
  })

/** The kernel's and the configuration's own word over SSH, whatever way in the switch was pressed by. */
const verify = ({ machines }: Aim, { haReader, signal }: FaultTools, isIn: boolean) =>
  forEach(machines, async (machine): Promise<Effect> => {
    const state = await haReader.read(machine, signal)
    const evidence = `${machine}: maintenance flag ${sayFlag(state.maintenance)}, demotion ${state.demotion}, skews ${skewsOf(state)}`
    return { proven: state.maintenance === isIn && isHeldBack(state) === isIn, evidence }
  })

/** OPNsense adds 240 to the demotion, pfSense sets every skew to 254. */
const isHeldBack = ({ demotion, vhids }: HaState): boolean =>
  (demotion ?? 0) >= 240 || (vhids.length > 0 && vhids.every(({ advskew }) => advskew === 254))

const skewsOf = ({ vhids }: HaState): string =>
  vhids.map(({ vhid, advskew }) => `${vhid}: ${advskew}`).join(', ') || 'none'

const sayFlag = (flag: boolean | null): string => (flag === null ? 'unknown' : flag ? 'set' : 'not set')
