import { z } from 'zod'
import { HarnessError, exitCodes } from '../model/failure.ts'
import { machineRefSchema, nameSchema } from '../model/name.ts'
import { droppingFault } from './dropping-fault.ts'

const written = z.object({
  network: z.union([z.string(), z.array(z.string())]).optional(),
  ways: z.enum(['one', 'both']).default('one'),
})

/**
 * Advertisements that do not arrive: at the hypervisor's nodes, frames of CARP are dropped on their way to the tap of the receiver, for everything
 * else the wires stay as they are. One way, only `to` hears nothing of `from`; both ways, neither hears the other.
 */
export const carpDrop = droppingFault({
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
  what: 'advertisements',
  rules({ machines: [from = '', to = ''], params }, lab) {
    refuseOne('carp-drop', from, to)
    const { network, ways } = written.parse(params)
    const networks = network === undefined ? [...new Set(lab.pair.vips.map((vip) => vip.network))] : [network].flat()
    const deaf = ways === 'both' ? [to, from] : [to]
    return deaf.flatMap((machine) =>
      networks.flatMap((name) =>
        ['ether type ip ip protocol 112', 'ether type ip6 ip6 nexthdr 112'].map((match) => ({
          machine,
          way: 'to' as const,
          network: name,
          match,
          group: name,
        })),
      ),
    )
  },
})

/** Throws where a fault between two machines has only one. */
export function refuseOne(kind: string, from: string, to: string): void {
  if (from !== to && to !== '') return
  throw new HarnessError(`expected two firewalls for ${kind}, got ${from} for both`, { exitCode: exitCodes.usage })
}
