import { z } from 'zod'
import type { HaReader } from '../../../../ports/firewall.ts'
import { isRefusal } from '../../refusal.ts'
import type { RestCall, RestClient } from '../../rest/client.ts'
import { haStateOf, vipStatusCall } from './vip-status.ts'

const interfacesCall: RestCall<{ rows: { description: string; identifier: string; device: string }[] }> = {
  method: 'GET',
  path: '/api/interfaces/overview/interfaces_info',
  answer: z.object({
    rows: z.array(
      z.object({ description: z.string().catch(''), identifier: z.string().catch(''), device: z.string().catch('') }),
    ),
  }),
  privilege: '"Interfaces: Overview"',
}

/** Reads an OPNsense by its API. Interfaces go by their device where the user may see that, else by their description. */
export function opnsenseHaReader(client: RestClient): HaReader {
  const devices = new Map<string, Promise<ReadonlyMap<string, string>>>()
  const devicesOf = (node: string, signal: AbortSignal) => {
    const known = devices.get(node) ?? readDevices(client, node, signal)
    devices.set(node, known)
    known.catch(() => devices.delete(node))
    return known
  }
  return {
    read: async (node, signal) => {
      const names = await devicesOf(node, signal)
      const { answer } = await client.call(node, vipStatusCall, signal)
      return haStateOf(answer, (description) => names.get(description) ?? description)
    },
  }
}

/** Devices by description, and by identifier as a DISABLED row has it. Empty for a user who may not see them. */
async function readDevices(
  client: RestClient,
  node: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  try {
    const { answer } = await client.call(node, interfacesCall, signal)
    return new Map(
      answer.rows.flatMap(({ description, identifier, device }) =>
        device === ''
          ? []
          : [
              [identifier, device] as const,
              [identifier.toUpperCase(), device] as const,
              [description, device] as const,
            ],
      ),
    )
  } catch (thrown) {
    if (isRefusal(thrown, 'forbidden', 'not-found')) return new Map()
    throw thrown
  }
}
