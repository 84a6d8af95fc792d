import { z } from 'zod'
import { HarnessError, exitCodes } from '../model/failure.ts'
import { machineRefSchema } from '../model/name.ts'
import { refuseOne } from './carp-drop.ts'
import { droppingFault } from './dropping-fault.ts'

const written = z.object({ ways: z.enum(['one', 'both']).default('one') })

/** State sync that does not arrive: its packets (protocol 240) are lost, the link of the network stays up and CARP stays as it is. */
export const pfsyncDrop = droppingFault({
  kind: 'pfsync-drop',
  params: z.strictObject({
    from: machineRefSchema,
    to: machineRefSchema,
    ways: z.enum(['one', 'both']).default('one'),
  }),
  howTo:
    'drops the state sync of one firewall to the other at the node (nft on its taps, protocol 240), bulk updates too; healed by deleting the rules',
  what: 'packets of state sync',
  rules({ machines: [from = '', to = ''], params }, lab) {
    refuseOne('pfsync-drop', from, to)
    const network = lab.pair.stateSync?.network
    if (network === undefined) throw noSync(lab.lab)
    const deaf = written.parse(params).ways === 'both' ? [to, from] : [to]
    const match = 'ether type ip ip protocol 240'
    return deaf.map((machine) => ({ machine, way: 'to' as const, network, match, group: network }))
  },
})

const noSync = (lab: string) =>
  new HarnessError(`expected state sync in lab ${lab}, it has none`, { exitCode: exitCodes.usage })
