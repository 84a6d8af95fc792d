import { z } from 'zod'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'
import { nameSchema } from '../model/name.ts'
import { nicIndex, onSchema } from './aimed.ts'
import { carrierOf } from './carrier-sight.ts'
import { forEach, together } from './each-machine.ts'
import type { Aim, Effect, Fault, FaultTools } from './fault.ts'

const written = z.object({ network: z.string() })
const prepared = z.object({ network: z.string(), nics: z.record(z.string(), z.int()) })

/**
 * The cable of one NIC pulled: the guest loses its carrier, CARP goes to INIT there and demotes the node. The tap stays in its bridge.
 * Reference: firewalls page §3.6 (`link_down=1`), Proxmox page (NIC strings).
 */
export const linkDown: Fault = {
  kind: 'link-down',
  needs: ['nics', 'machine shell'],
  params: z.strictObject({
    on: onSchema,
    network: nameSchema,
  }),
  howTo: 'takes the carrier of the NIC on a network away (link_down=1); healed by giving it back',

  calls({ machines, params }, lab) {
    const { network } = written.parse(params)
    const nics = machines.map((machine) => ({ machine, nic: nicOf(machine, network, lab) }))
    const reading = nics.map((nic) => ({ ask: 'read-nic' as const, ...nic }))
    const writing = (change: string) => nics.map((nic) => ({ ask: 'write-nic' as const, ...nic, change }))
    const seeing = nics.flatMap(({ machine, nic }) => [
      { ask: 'read-nic' as const, machine, nic },
      { ask: 'command' as const, machine, command: `(the carrier of its NIC on ${network})` },
    ])
    return {
      prepare: reading,
      begin: writing('link_down=1'),
      verifyBegun: seeing,
      heal: writing('without link_down'),
      verifyHealed: seeing,
    }
  },

  async prepare({ machines, params }, lab, { nics, signal }) {
    const { network } = written.parse(params)
    const indices = machines.map((machine) => [machine, nicIndex(machine, network, lab)] as const)
    for (const [machine, index] of indices) {
      if ((await nics.readNic(machine, index, signal)).linkDown) throw alreadyDown(machine, index, network)
    }
    return { machines, params: { ...params, nics: Object.fromEntries(indices) } }
  },

  begin: (aim, tools) => write(aim, true, tools),
  heal: (aim, tools) => write(aim, false, tools),
  verifyBegun: (aim, tools) => verify(aim, true, tools),
  verifyHealed: (aim, tools) => verify(aim, false, tools),

  undoOnNode: ({ machines, params }, vmids) =>
    machines.map((machine) => {
      const [vmid, key] = [vmids[machine], `net${prepared.parse(params).nics[machine] ?? 0}`]
      const asItIs = `qm config ${vmid} | sed -n 's/^${key}: //p' | sed 's/,link_down=1//'`
      return { machine, command: `qm set ${vmid} --${key} "$(${asItIs})"` }
    }),
}

/** Of a role, the NIC that both firewalls have there; null where they differ. */
function nicOf(machine: string, network: string, lab: Lab): number | null {
  const { primary, secondary } = lab.pair
  const able = machine.startsWith('$') ? [primary, secondary] : [machine]
  const [index, ...others] = able.map((one) => Object.keys(lab.machines[one]?.nics ?? {}).indexOf(network))
  return index === undefined || index < 0 || others.some((other) => other !== index) ? null : index
}

const alreadyDown = (machine: string, index: number, network: string) =>
  new HarnessError(`expected net${index} (${network}) of ${machine} to have its link, it is down already`, {
    exitCode: exitCodes.unavailable,
    hint: 'was an earlier fault not undone? firedrill recover',
  })

const write = ({ machines, params }: Aim, isDown: boolean, { nics, signal }: FaultTools) =>
  together(machines, (machine) =>
    nics.writeNic(machine, prepared.parse(params).nics[machine] ?? 0, { linkDown: isDown }, signal),
  )

/** What the hypervisor says it did, and what the guest itself sees of it. */
const verify = ({ machines, params }: Aim, isDown: boolean, tools: FaultTools) =>
  forEach(machines, async (machine): Promise<Effect> => {
    const index = prepared.parse(params).nics[machine] ?? 0
    const { linkDown: said } = await tools.nics.readNic(machine, index, tools.signal)
    const carrier = await carrierOf(machine, index, isDown, tools)
    const evidence = `the hypervisor says link_down=${Number(said)} for net${index} of ${machine}, which sees ${carrier.text}`
    return { proven: said === isDown && carrier.isThere === !isDown, evidence }
  })
