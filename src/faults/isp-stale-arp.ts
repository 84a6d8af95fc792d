import { z } from 'zod'
import { HarnessError, exitCodes } from '../model/failure.ts'
import { nameSchema } from '../model/name.ts'
import { nicIndex, onSchema, timed } from './aimed.ts'
import { forEach } from './each-machine.ts'
import type { Aim, Effect, Fault, FaultTools } from './fault.ts'

const written = z.object({ network: z.string() })
const word = z.string().regex(/^[0-9a-fA-F.:]+$/)
const neighbour = z.object({ machine: z.string(), device: z.string().regex(/^\w+$/), address: word, mac: word })
const prepared = z.object({ neighbours: z.array(neighbour).min(1) })
type Neighbour = z.output<typeof neighbour>

/** A provider whose router keeps to the MAC that it learned and hears no gratuitous ARP. Reference: firewalls page §6 #23. */
export const ispStaleArp: Fault = {
  kind: 'isp-stale-arp',
  needs: ['machine shell'],
  params: z.strictObject({ on: onSchema, network: nameSchema }),
  howTo:
    'makes the ARP entries of a Linux router on a network permanent, so that it never learns another MAC (ip neigh replace ... nud permanent); healed by deleting them',

  async prepare({ machines, params }, lab, tools) {
    const { network } = written.parse(params)
    const found = await Promise.all(
      machines.map((machine) => neighboursOf(machine, `eth${nicIndex(machine, network, lab)}`, tools)),
    )
    const neighbours = found.flat()
    if (neighbours.length === 0) throw nobody(machines, network)
    return { machines, params: { ...params, neighbours } }
  },
  begin: (aim, tools) =>
    each(
      aim,
      tools,
      ({ address, mac, device }) => `ip neigh replace ${address} lladdr ${mac} dev ${device} nud permanent`,
    ),
  heal: (aim, tools) =>
    each(aim, tools, ({ address, device }) => `ip neigh del ${address} dev ${device} nud permanent 2>/dev/null || :`),
  verifyBegun: (aim, tools) => see(aim, tools, true),
  verifyHealed: (aim, tools) => see(aim, tools, false),
  undoByHand: ({ machines, params }) => {
    const { neighbours } = prepared.parse(params)
    return `on ${machines.join(' and ')}: ${neighbours.map(({ address, device }) => `ip neigh del ${address} dev ${device}`).join('; ')}`
  },
}

async function neighboursOf(machine: string, device: string, { shell, signal }: FaultTools): Promise<Neighbour[]> {
  const said = await shell.run(machine, `ip -4 neigh show dev ${device} nud all`, { signal })
  return [...said.matchAll(/^(\S+) .*?lladdr (\S+) (?!.*PERMANENT)/gm)].map(([, address = '', mac = '']) => ({
    machine,
    device,
    address,
    mac,
  }))
}

const nobody = (machines: string[], network: string) =>
  new HarnessError(`expected ${machines.join(' and ')} to know a MAC on ${network}, came none`, {
    exitCode: exitCodes.unavailable,
    hint: 'let traffic pass first',
  })

const each = (aim: Aim, tools: FaultTools, say: (neighbour: Neighbour) => string) =>
  timed(tools, async () => {
    for (const one of prepared.parse(aim.params).neighbours)
      await tools.shell.run(one.machine, say(one), { signal: tools.signal })
  })

/** The machine's own table: which of the entries are permanent, with the MAC that they had. */
const see = ({ machines, params }: Aim, { shell, signal }: FaultTools, isBegun: boolean) =>
  forEach(machines, async (machine): Promise<Effect> => {
    const own = prepared.parse(params).neighbours.filter((one) => one.machine === machine)
    const said = await shell.run(machine, 'ip -4 neigh show nud permanent', { signal })
    const kept = own.filter(({ address, mac }) =>
      said.split('\n').some((line) => line.startsWith(`${address} `) && line.includes(mac)),
    )
    const evidence = `${machine} keeps ${kept.length} of ${own.length} ARP entries for good`
    return { proven: own.length > 0 && kept.length === (isBegun ? own.length : 0), evidence }
  })
