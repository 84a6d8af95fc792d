import { z } from 'zod'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'
import { nameSchema } from '../model/name.ts'
import { onSchema } from './aimed.ts'
import { droppingFault } from './dropping-fault.ts'

const written = z.object({ network: z.string() })

/** A name server that is asked and says nothing, while everything else of its machine works. */
export const dnsDead = droppingFault({
  kind: 'dns-dead',
  params: z.strictObject({ on: onSchema, network: nameSchema }),
  howTo:
    'drops what is asked of a name server on a network (port 53) at the node (nft on its tap); healed by deleting the rules',
  what: 'questions for names',
  rules({ machines, params }) {
    const { network } = written.parse(params)
    return machines.flatMap((machine) =>
      ['ether type ip', 'ether type ip6'].flatMap((family) =>
        ['udp', 'tcp'].map((protocol) => ({
          machine,
          way: 'to' as const,
          network,
          match: `${family} ${protocol} dport 53`,
          group: network,
        })),
      ),
    )
  },
  nudges({ machines, params }, lab) {
    const { network } = written.parse(params)
    return machines.map((machine) => ({
      machine: asker(lab, machine),
      command: question(addressOf(lab, machine, network)),
    }))
  },
})

/** A machine of the lab that stands elsewhere and can ask: a client. */
function asker(lab: Lab, server: string): string {
  const found = Object.keys(lab.machines).find((name) => name !== server && lab.machines[name]?.image === 'client')
  if (found !== undefined) return found
  throw new HarnessError(`expected a client in lab ${lab.lab} that can ask ${server}, it has none`, {
    exitCode: exitCodes.usage,
  })
}

function addressOf(lab: Lab, machine: string, network: string): string {
  const nic = lab.machines[machine]?.nics[network]
  const [address] = typeof nic === 'string' ? [nic] : Array.isArray(nic) ? nic : []
  if (address !== undefined) return address.split('/', 1)[0] ?? ''
  throw new HarnessError(`expected ${machine} to have an address on ${network}, it has none`, {
    exitCode: exitCodes.usage,
  })
}

const question = (address: string): string => `bash -c 'echo x >/dev/udp/${address}/53'`
