import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'
import { nameSchema } from '../model/name.ts'
import { nodeAccess, onSchema, timed } from './aimed.ts'
import type { Aim, Effect, Fault, FaultTools } from './fault.ts'

const written = z.object({ network: z.string() })
const word = z.string().regex(/^[\w.-]+$/)
const prepared = z.object({
  table: z.string().regex(/^firedrill_[0-9a-f]{8}$/),
  vni: z.int(),
  nodes: z.array(z.object({ node: word, machine: word })).min(1),
})

/** A master sends at least every 2 s, and its advertisements go to every end of the tunnel. */
const seenWithinMs = 6000
const pollMs = 100

/**
 * The VXLAN tunnel of one network cut at the node of a machine, both ways: no carrier changes anywhere, and what is on the node itself goes on.
 * Told by its key, whoever made it: Linux bridges, Open vSwitch, an SDN zone.
 */
export const tunnelCut: Fault = {
  kind: 'tunnel-cut',
  needs: ['node shell'],
  params: z.strictObject({ on: onSchema, network: nameSchema }),
  howTo:
    'drops the VXLAN packets of a network at the node of a machine, both ways (nft: UDP 4789 with its key); healed by deleting the rules',

  calls({ machines, params }, lab) {
    const vni = keyOf(lab, written.parse(params).network)
    const on = (command: string) => machines.map((machine) => ({ ask: 'node' as const, machine, command }))
    return {
      begin: on(`nft -f - (table inet firedrill_{token}, drops UDP 4789 with key ${vni})`),
      verifyBegun: on('nft list table inet firedrill_{token}'),
      heal: on('nft delete table inet firedrill_{token}'),
      verifyHealed: on('nft list tables inet'),
    }
  },

  async prepare({ machines, params }, lab, tools) {
    const { taps } = nodeAccess(tools, 'tunnel-cut')
    const vni = keyOf(lab, written.parse(params).network)
    const placed = await Promise.all(
      machines.map(async (machine) => ({ machine, node: await taps.nodeOf(machine, tools.signal) })),
    )
    const nodes = placed.filter(({ node }, index) => placed.findIndex((other) => other.node === node) === index)
    return { machines, params: { ...params, table: `firedrill_${randomBytes(4).toString('hex')}`, vni, nodes } }
  },

  begin: (aim, tools) => onEachNode(aim, tools, ({ table, vni }) => rulesOf(table, vni)),
  // Adding a table that is there changes nothing, so that deleting it never fails.
  heal: (aim, tools) => onEachNode(aim, tools, ({ table }) => `add table inet ${table}\ndelete table inet ${table}\n`),
  verifyBegun: seeDrops,
  verifyHealed: seeNothingLeft,
  undoOnNode({ params }) {
    const { table, nodes } = prepared.parse(params)
    return nodes.map(({ machine }) => ({ machine, command: `nft delete table inet ${table} 2>/dev/null || :` }))
  },
}

function keyOf({ networks }: Lab, network: string): number {
  const key = networks[network]?.vxlan
  if (key !== undefined) return key
  throw new HarnessError(`expected ${network} to be a tunnel between nodes (vxlan), it is none`, {
    exitCode: exitCodes.usage,
  })
}

/** The key stands in bytes 4 to 6 of VXLAN's header, behind 8 bytes of UDP's. */
const rulesOf = (table: string, vni: number): string => `table inet ${table} {
  chain out {
    type filter hook output priority -300; policy accept;
    udp dport 4789 @th,96,24 ${vni} counter drop
  }
  chain in {
    type filter hook input priority -300; policy accept;
    udp dport 4789 @th,96,24 ${vni} counter drop
  }
}
`

const onEachNode = (
  { params }: Aim,
  tools: FaultTools,
  inputOf: (ready: z.output<typeof prepared>) => string,
): ReturnType<Fault['begin']> =>
  timed(tools, async () => {
    const ready = prepared.parse(params)
    const { shell } = nodeAccess(tools, 'tunnel-cut')
    for (const { node } of ready.nodes)
      await shell.run(node, 'nft -f -', { signal: tools.signal, input: inputOf(ready) })
  })

async function seeDrops({ params }: Aim, tools: FaultTools): Promise<Effect> {
  const { table, nodes, vni } = prepared.parse(params)
  const { shell } = nodeAccess(tools, 'tunnel-cut')
  const untilMs = tools.clock.nowMs() + seenWithinMs
  for (;;) {
    const told = await Promise.all(
      nodes.map(({ node }) => shell.run(node, `nft list table inet ${table}`, { signal: tools.signal })),
    )
    const dropped = told.map((text) =>
      [...text.matchAll(/counter packets (\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0),
    )
    const proven = dropped.every((count) => count > 0)
    const evidence = nodes.map(({ node }, index) => `${node} has dropped ${dropped[index]} packets`).join(', ')
    if (proven || tools.clock.nowMs() > untilMs) return { proven, evidence: `${evidence} of tunnel ${vni}` }
    await tools.clock.sleep(pollMs, tools.signal)
  }
}

async function seeNothingLeft({ params }: Aim, tools: FaultTools): Promise<Effect> {
  const { table, nodes } = prepared.parse(params)
  const { shell } = nodeAccess(tools, 'tunnel-cut')
  const tables = await Promise.all(
    nodes.map(({ node }) => shell.run(node, 'nft list tables inet', { signal: tools.signal })),
  )
  const left = nodes.filter((_, index) => tables[index]?.includes(`table inet ${table}`))
  const names = (left.length > 0 ? left : nodes).map(({ node }) => node).join(' and ')
  return {
    proven: left.length === 0,
    evidence: `${names} ${left.length > 0 ? 'still has' : 'is rid of'} table ${table}`,
  }
}
