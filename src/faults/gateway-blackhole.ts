import { z } from 'zod'
import { nameSchema } from '../model/name.ts'
import { nicIndex, onSchema } from './aimed.ts'
import { droppingFault } from './dropping-fault.ts'

const written = z.object({ network: z.string() })

/**
 * A gateway that answers ARP and forwards nothing, its link up: only something that looks beyond it can tell. Reference: firewalls page, §6 #16.
 * On the first of two providers it leaves the other WAN alone.
 */
export const gatewayBlackhole = droppingFault({
  kind: 'gateway-blackhole',
  params: z.strictObject({ on: onSchema, network: nameSchema }),
  howTo:
    'drops all IP packets to and from a gateway on a network at the node (nft on its tap), its link stays up and it answers ARP; healed by deleting the rules',
  what: 'IP packets',
  rules({ machines, params }) {
    const { network } = written.parse(params)
    return machines.flatMap((machine) =>
      (['to', 'from'] as const).flatMap((way) =>
        ['ether type ip', 'ether type ip6'].map((match) => ({ machine, way, network, match, group: network })),
      ),
    )
  },
  nudges: ({ machines, params }, lab) =>
    machines.map((machine) => {
      const device = `eth${nicIndex(machine, written.parse(params).network, lab)}`
      return { machine, command: `ping -n -c 1 -W 1 -I ${device} 224.0.0.1` }
    }),
})
