import { z } from 'zod'
import { HarnessError, exitCodes } from '../model/failure.ts'
import { machineRefSchema } from '../model/name.ts'
import { timed } from './aimed.ts'
import { droppingFault } from './dropping-fault.ts'
import type { Fault, FaultTools } from './fault.ts'

/**
 * What asks for all states, on the wire. FreeBSD: the first message of the packet is a request for an update (5), after a header of version 5 or 6.
 * Embedded lab: a datagram to port 3781 that begins with "requ", inside the packet that carries it.
 */
const requests = ['@th,0,8 5-6 @th,160,8 5', '@th,0,8 0x45 @th,72,8 17 @th,176,16 3781 @th,224,32 0x72657175']

const dropping = droppingFault({
  kind: 'pfsync-bulk-silent',
  params: z.strictObject({ on: machineRefSchema }),
  howTo:
    'drops what a node asks its peer for all states with (nft on its tap), state sync goes on, and makes it ask (ifconfig pfsync0 syncdev ...) as each return does; healed by deleting the rules: it asks every 5 s',
  what: 'requests for all states',
  rules({ machines: [machine = ''] }, lab) {
    const network = lab.pair.stateSync?.network
    if (network === undefined)
      throw new HarnessError(`expected state sync in lab ${lab.lab}, it has none`, { exitCode: exitCodes.usage })
    return requests.map((request) => ({
      machine,
      way: 'from' as const,
      network,
      match: `ether type ip ip protocol 240 ${request}`,
      group: network,
    }))
  },
})

/** A return whose bulk update fails: the node stays demoted (OPNsense: 240, for some 65 s) and has not the states of its peer. Reference: firewalls page §3.7. */
export const pfsyncBulkSilent: Fault = {
  ...dropping,
  needs: ['node shell', 'machine shell'],
  begin: async (aim, tools) => {
    const { sentMs } = await dropping.begin(aim, tools)
    const { ackedMs } = await timed(tools, () => Promise.all(aim.machines.map((machine) => askAnew(machine, tools))))
    return { sentMs, ackedMs }
  },
  async verifyBegun(aim, tools) {
    const dropped = await dropping.verifyBegun(aim, tools)
    const waiting = await Promise.all(aim.machines.map((machine) => isWaiting(machine, tools)))
    const evidence = `${dropped.evidence}; ${aim.machines.join(', ')} ${waiting.every(Boolean) ? 'waits for' : 'has, or gave up,'} its bulk update`
    return { proven: dropped.proven && waiting.every(Boolean), evidence }
  },
}

const syncDevice = "$(ifconfig pfsync0 | sed -n 's/.*syncdev: *\\([^ ]*\\).*/\\1/p')"

const askAnew = (machine: string, { shell, signal }: FaultTools): Promise<string> =>
  shell.run(machine, `ifconfig pfsync0 syncdev ${syncDevice}`, { signal })

async function isWaiting(machine: string, { shell, signal }: FaultTools): Promise<boolean> {
  return /syncok: 0/.test(await shell.run(machine, 'ifconfig pfsync0', { signal }))
}
