import { z } from 'zod'
import { HarnessError, exitCodes } from '../model/failure.ts'
import { nameSchema } from '../model/name.ts'
import { nicIndex, nodeAccess, onSchema, timed } from './aimed.ts'
import { lookAtCarrier } from './carrier-sight.ts'
import { forEach } from './each-machine.ts'
import type { Aim, Effect, Fault, FaultTools } from './fault.ts'

const written = z.object({ network: z.string() })
const word = z.string().regex(/^[\w.-]+$/)
const prepared = z.object({ taps: z.record(z.string(), z.object({ device: word, node: word, index: z.int() })) })

/**
 * The path of one NIC cut outside of the guest: its tap goes down at the node, the guest keeps its carrier, nothing is demoted and both
 * firewalls take themselves for master. Another fault than `link-down`. Reference: firewalls page §3.6.
 */
export const pathDown: Fault = {
  kind: 'path-down',
  needs: ['node shell', 'machine shell'],
  params: z.strictObject({ on: onSchema, network: nameSchema }),
  howTo:
    'takes the tap of a NIC down at the node (ip link set tap<vmid>i<n> down): no frame passes and the guest keeps its carrier; healed by ip link set up',

  calls({ machines, params }) {
    const { network } = written.parse(params)
    const on = (command: string) => machines.map((machine) => ({ ask: 'node' as const, machine, command }))
    const tap = `tap{vmid}i{n of ${network}}`
    return {
      prepare: on(`ip -o link show ${tap}`),
      begin: on(`ip link set ${tap} down`),
      verifyBegun: on(`ip -o link show ${tap}`),
      heal: on(`ip link set ${tap} up`),
      verifyHealed: on(`ip -o link show ${tap}`),
    }
  },

  async prepare({ machines, params }, lab, tools) {
    const { taps } = nodeAccess(tools, 'path-down')
    const found = await Promise.all(
      machines.map(async (machine) => {
        const index = nicIndex(machine, written.parse(params).network, lab)
        const device = await taps.tapOf(machine, index, tools.signal)
        return [machine, { device, node: await taps.nodeOf(machine, tools.signal), index }] as const
      }),
    )
    const aim = { machines, params: { ...params, taps: Object.fromEntries(found) } }
    for (const machine of machines) if (!(await isUp(tapOf(machine, aim), tools))) throw alreadyDown(machine, aim)
    return aim
  },

  begin: (aim, tools) => turn(aim, 'down', tools),
  heal: (aim, tools) => turn(aim, 'up', tools),
  verifyBegun: (aim, tools) => forEach(aim.machines, (machine) => see(machine, aim, false, tools)),
  verifyHealed: (aim, tools) => forEach(aim.machines, (machine) => see(machine, aim, true, tools)),
  undoOnNode: (aim) =>
    aim.machines.map((machine) => ({ machine, command: `ip link set ${tapOf(machine, aim).device} up` })),
}

type Tap = z.output<typeof prepared>['taps'][string]

function tapOf(machine: string, { params }: Aim): Tap {
  const tap = prepared.parse(params).taps[machine]
  if (tap !== undefined) return tap
  throw new HarnessError(`expected the tap of ${machine} in the journal, it is not there`, {
    exitCode: exitCodes.leftToUndo,
  })
}

const alreadyDown = (machine: string, aim: Aim) =>
  new HarnessError(`expected ${tapOf(machine, aim).device} of ${machine} to be up, it is down already`, {
    exitCode: exitCodes.unavailable,
    hint: 'does the machine run? was an earlier fault not undone? firedrill recover',
  })

const turn = (aim: Aim, way: 'up' | 'down', tools: FaultTools) =>
  timed(tools, async () => {
    const { shell } = nodeAccess(tools, 'path-down')
    for (const machine of aim.machines) {
      const { device, node } = tapOf(machine, aim)
      // A machine that is off has no tap, and gets a new one, which is up, at its start.
      const unlessGone = way === 'up' ? `test ! -e /sys/class/net/${device} || ` : ''
      await shell.run(node, `${unlessGone}ip link set ${device} ${way}`, { signal: tools.signal })
    }
  })

async function isUp({ device, node }: Tap, tools: FaultTools): Promise<boolean> {
  const { shell } = nodeAccess(tools, 'path-down')
  const said = await shell.run(node, `ip -o link show ${device} 2>/dev/null || :`, { signal: tools.signal })
  return /<[^>]*\bUP\b[^>]*>/.test(said)
}

const silentForMs = 1500

/** The tap as the node tells it, whether frames pass by its counters, and the carrier as the guest sees it: that has to stay. */
async function see(machine: string, aim: Aim, wanted: boolean, tools: FaultTools): Promise<Effect> {
  const tap = tapOf(machine, aim)
  const up = await isUp(tap, tools)
  if (wanted) return { proven: up, evidence: `${tap.device} of ${machine} is ${up ? 'up' : 'down'}` }
  const before = await framesOf(tap, tools)
  await tools.clock.sleep(silentForMs, tools.signal)
  const passed = (await framesOf(tap, tools)) - before
  const carrier = await lookAtCarrier(machine, tap.index, tools)
  const evidence = `${tap.device} of ${machine} is ${up ? 'up' : 'down'}, ${passed} frames passed within ${silentForMs} ms, the guest sees ${carrier.text}`
  return { proven: !up && passed === 0 && carrier.isThere, evidence }
}

async function framesOf({ device, node }: Tap, tools: FaultTools): Promise<number> {
  const { shell } = nodeAccess(tools, 'path-down')
  const command = `cat /sys/class/net/${device}/statistics/rx_packets /sys/class/net/${device}/statistics/tx_packets`
  const said = await shell.run(node, command, { signal: tools.signal })
  return said
    .trim()
    .split('\n')
    .reduce((sum, line) => sum + Number(line), 0)
}
