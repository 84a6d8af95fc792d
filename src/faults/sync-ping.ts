import { z } from 'zod'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'
import { machineRefSchema } from '../model/name.ts'
import { timed } from './aimed.ts'
import type { Fault } from './fault.ts'

const prepared = z.object({ address: z.union([z.ipv4(), z.ipv6()]) })
const pings = 50
const everySeconds = 0.1

/**
 * Asks the other firewall over the network of state sync for its echo, by the firewall's own ping: nothing else reaches that network. It breaks nothing; what
 * came back is measured as `syncLatency`. The lines of FreeBSD and Linux are alike.
 */
export const syncPing: Fault = {
  kind: 'sync-ping',
  needs: ['machine shell'],
  params: z.strictObject({ on: machineRefSchema }),
  howTo: `pings the other firewall from one, over the network of state sync (ping -c ${pings} -i ${everySeconds}): it breaks nothing; metric syncLatency says how long the answers took; nothing is left to heal`,

  prepare: ({ machines: [node = ''], params }, lab) =>
    Promise.resolve({ machines: [node], params: { ...params, address: peerAddress(node, lab) } }),
  begin: ({ machines: [node = ''], params }, tools) =>
    timed(tools, () => tools.shell.run(node, ping(addressIn(params), 1), { signal: tools.signal })),
  async verifyBegun({ machines: [node = ''], params }, tools) {
    const said = await tools.shell.run(node, ping(addressIn(params), 1), { signal: tools.signal })
    const can = /\b1 packets? transmitted/.test(said)
    return { proven: can, evidence: `${node} ${can ? 'pings' : 'cannot ping'} ${addressIn(params)}` }
  },
  async roundTrips({ machines: [node = ''], params }, tools) {
    const address = addressIn(params)
    const said = await tools.shell.run(node, ping(address, pings), { signal: tools.signal })
    return { node, address, sent: pings, rttsMs: rttsIn(said) }
  },
  heal: (_, tools) => timed(tools, () => Promise.resolve()),
  verifyHealed: ({ machines }) =>
    Promise.resolve({ proven: true, evidence: `nothing was changed on ${machines.join()}` }),
  undoByHand: ({ machines }) => `nothing: nothing was changed on ${machines.join()}`,
}

/** Without an answer ping fails, which is no failure of the command. */
const ping = (address: string, count: number): string => `ping -c ${count} -i ${everySeconds} ${address} || :`

const addressIn = (params: Readonly<Record<string, unknown>>): string => prepared.parse(params).address

/** An answer that came twice counts once: `icmp_seq` tells. */
function rttsIn(said: string): number[] {
  const answers = [...said.matchAll(/icmp_seq=(\d+) .*\btime=([\d.]+) ms/g)]
  return [...new Map(answers.toReversed().map(([, seq, ms]) => [seq, Number(ms)])).values()].toReversed()
}

function peerAddress(node: string, { pair, machines }: Lab): string {
  const { primary, secondary, stateSync } = pair
  if (node !== primary && node !== secondary) throw unusable(`expected a firewall of the pair, got ${node}`)
  const peer = node === primary ? secondary : primary
  const nic = stateSync === undefined ? undefined : machines[peer]?.nics[stateSync.network]
  const [given] = typeof nic === 'string' ? [nic] : Array.isArray(nic) ? nic : []
  if (given === undefined) throw unusable(`expected ${peer} to have an address on a network of state sync`)
  return given.split('/', 1)[0] ?? given
}

const unusable = (message: string) => new HarnessError(`${message}, for sync-ping`, { exitCode: exitCodes.usage })
