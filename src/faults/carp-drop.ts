import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'
import { machineRefSchema, nameSchema } from '../model/name.ts'
import type { RequestInterval } from '../ports/hypervisor.ts'
import type { Effect, Fault, FaultTools, NodeAccess } from './fault.ts'

const written = z.object({
  network: z.union([z.string(), z.array(z.string())]).optional(),
  ways: z.enum(['one', 'both']).default('one'),
})
const hole = z.object({ to: z.string(), network: z.string(), device: z.string() })
const prepared = z.object({ table: z.string().regex(/^firedrill_[0-9a-f]{8}$/), holes: z.array(hole).min(1) })

/**
 * Advertisements that do not arrive: at the hypervisor's node, frames of CARP are dropped on their way to the tap of the receiver, for everything
 * else the wires stay as they are. One way, only `to` hears nothing of `from`; both ways, neither hears the other.
 */
export const carpDrop: Fault = {
  kind: 'carp-drop',
  params: z.strictObject({
    from: machineRefSchema,
    to: machineRefSchema,
    /** The networks on which advertisements are lost; all that have a virtual address where absent. */
    network: z.union([nameSchema, z.array(nameSchema).min(1)]).optional(),
    ways: z.enum(['one', 'both']).default('one'),
  }),
  howTo:
    'drops the CARP advertisements of one firewall to the other at the node (nft on its taps); healed by deleting the rules',

  async prepare({ machines, params }, lab, tools) {
    const node = nodeOf(tools)
    const holes = await holesOf(machines, params, lab, node, tools.signal)
    for (const { device } of holes) await refuseMissing(device, node, tools.signal)
    return { machines, params: { ...params, table: `firedrill_${randomBytes(4).toString('hex')}`, holes } }
  },

  begin: ({ params }, tools) => {
    const { table, holes } = prepared.parse(params)
    return carryOut('nft -f -', rulesOf(table, holes), tools)
  },
  // Adding a table that is there changes nothing, so that deleting it never fails.
  heal: ({ params }, tools) => {
    const { table } = prepared.parse(params)
    return carryOut('nft -f -', `add table bridge ${table}\ndelete table bridge ${table}\n`, tools)
  },
  verifyBegun: ({ params }, tools) => seeDrops(prepared.parse(params), tools),
  verifyHealed: ({ params }, tools) => seeNothingLeft(prepared.parse(params).table, tools),

  undoOnNode: ({ params }) => [{ command: `nft delete table bridge ${prepared.parse(params).table} 2>/dev/null || :` }],
}

type Hole = z.output<typeof hole>

function nodeOf({ node }: FaultTools): NodeAccess {
  if (node !== null && node !== undefined) return node
  throw new HarnessError('expected a shell on the hypervisor node for carp-drop, the target file names none', {
    exitCode: exitCodes.unavailable,
    hint: 'set nodeSsh in the target file',
  })
}

async function holesOf(
  [from = '', to = '']: readonly string[],
  params: Readonly<Record<string, unknown>>,
  lab: Lab,
  { taps }: NodeAccess,
  signal: AbortSignal,
): Promise<Hole[]> {
  if (from === to || to === '') throw notTwo(from)
  const { network, ways } = written.parse(params)
  const carried = [...new Set(lab.pair.vips.map((vip) => vip.network))]
  const networks = network === undefined ? carried : [network].flat()
  const deaf = ways === 'both' ? [to, from] : [to]
  const wanted = deaf.flatMap((machine) => networks.map((name) => ({ machine, name })))
  return await Promise.all(
    wanted.map(async ({ machine, name }) => {
      const index = Object.keys(lab.machines[machine]?.nics ?? {}).indexOf(name)
      if (index < 0) throw noNic(machine, name)
      return { to: machine, network: name, device: await taps.tapOf(machine, index, signal) }
    }),
  )
}

const notTwo = (from: string) =>
  new HarnessError(`expected two firewalls for carp-drop, got ${from} for both`, { exitCode: exitCodes.usage })

const noNic = (machine: string, network: string) =>
  new HarnessError(`expected ${machine} to have a NIC on ${network}, it has none`, { exitCode: exitCodes.usage })

async function refuseMissing(device: string, { shell, name }: NodeAccess, signal: AbortSignal): Promise<void> {
  const found = await shell.run(name, `test -e /sys/class/net/${device} && echo there || :`, { signal })
  if (found.trim() === 'there') return
  throw new HarnessError(`expected ${device} on node ${name}, it is not there`, {
    exitCode: exitCodes.unavailable,
    hint: 'does the machine run, and on the node that nodeSsh reaches?',
  })
}

/** A rule per receiver and family, each with a counter of its own, in the order of the holes. */
function rulesOf(table: string, holes: readonly Hole[]): string {
  const rules = holes.flatMap(({ to, network, device }) =>
    ['ether type ip ip protocol 112', 'ether type ip6 ip6 nexthdr 112'].map(
      (match) => `    oifname "${device}" ${match} counter drop comment "${network} to ${to}"`,
    ),
  )
  return `table bridge ${table} {
  chain advertisements {
    type filter hook forward priority -300; policy accept;
${rules.join('\n')}
  }
}
`
}

async function carryOut(command: string, input: string, tools: FaultTools): Promise<RequestInterval> {
  const { shell, name } = nodeOf(tools)
  const sentMs = tools.clock.nowMs()
  await shell.run(name, command, { signal: tools.signal, input })
  return { sentMs, ackedMs: tools.clock.nowMs() }
}

/** A master sends at least every 2 s (advbase 1, demoted skew 240). */
const seenWithinMs = 6000
const pollMs = 100

/** Waits until a frame has been dropped on every network. */
async function seeDrops({ table, holes }: z.output<typeof prepared>, tools: FaultTools): Promise<Effect> {
  const { shell, name } = nodeOf(tools)
  const networks = [...new Set(holes.map(({ network }) => network))]
  const untilMs = tools.clock.nowMs() + seenWithinMs
  for (;;) {
    const text = await shell.run(name, `nft list table bridge ${table}`, { signal: tools.signal })
    const dropped = networks.map((network) => ({ network, count: droppedOn(network, text) }))
    const proven = dropped.every(({ count }) => count > 0)
    const evidence = dropped.map(({ network, count }) => `${count} on ${network}`).join(', ')
    if (proven || tools.clock.nowMs() > untilMs)
      return { proven, evidence: `${name} has dropped so many advertisements: ${evidence}` }
    await tools.clock.sleep(pollMs, tools.signal)
  }
}

function droppedOn(network: string, text: string): number {
  const counts = text.matchAll(/counter packets (\d+) bytes \d+ drop comment "([^"]*) to [^"]*"/g)
  return [...counts].reduce((sum, [, count, where]) => sum + (where === network ? Number(count) : 0), 0)
}

async function seeNothingLeft(table: string, tools: FaultTools): Promise<Effect> {
  const { shell, name } = nodeOf(tools)
  const tables = await shell.run(name, 'nft list tables bridge', { signal: tools.signal })
  const isLeft = tables.split('\n').some((line) => line.trim() === `table bridge ${table}`)
  return {
    proven: !isLeft,
    evidence: `${name} ${isLeft ? 'still drops' : 'no longer drops'} advertisements (table ${table})`,
  }
}
