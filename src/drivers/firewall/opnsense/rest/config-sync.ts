import { z } from 'zod'
import type { ConfigSync } from '../../../../ports/firewall.ts'
import { refusal } from '../../refusal.ts'
import type { RestCall, RestClient } from '../../rest/client.ts'
import { type NodeVips, vipDifferences } from '../../sync/vip-differences.ts'
import { vipStatusCall } from './vip-status.ts'

const privilege = '"Status: HA backup"'
const version = z.object({ version: z.string(), _my_version: z.string() })
const versionSchema = z.union([
  z.object({ response: z.record(z.string(), version) }),
  z.object({ status: z.string(), message: z.string() }),
])

const versionCall: RestCall<z.output<typeof versionSchema>> = {
  method: 'GET',
  path: '/api/core/hasync_status/version',
  answer: versionSchema,
  privilege,
  limitMs: 30_000,
}
const servicesCall: RestCall<{ rows: { name: string; id: string }[] }> = {
  method: 'GET',
  path: '/api/core/hasync_status/services',
  answer: z.object({ rows: z.array(z.object({ name: z.string(), id: z.coerce.string().catch('') })) }),
  privilege,
  limitMs: 30_000,
}

const outcome = z.looseObject({ status: z.string().optional(), message: z.string().optional() })

/** Config sync by the API, from release 25.1 on: every start of a service at the peer pushes the configuration first. */
export function opnsenseConfigSync(client: RestClient): ConfigSync {
  const versions = async (primary: string, signal: AbortSignal) => {
    const { answer } = await client.call(primary, versionCall, signal)
    if ('response' in answer) return answer.response
    throw refusal('refused', `${primary} cannot reach its peer to sync: ${answer.message}`)
  }
  return {
    trigger: async (primary, signal) => {
      await versions(primary, signal)
      const services = (await client.call(primary, servicesCall, signal)).answer.rows
      const [service] = services
      if (service === undefined)
        throw refusal('refused', `expected ${primary} to list the services of its peer, came none`)
      const path = `/api/core/hasync_status/start/${[service.name, service.id].filter((part) => part !== '').join('/')}`
      const call = { method: 'POST', path, answer: outcome, privilege, limitMs: 110_000 } as const
      const { answer, sentMs, ackedMs } = await client.call(primary, call, signal)
      if (answer.status === undefined || answer.status === 'ok') return { sentMs, ackedMs }
      throw refusal('refused', `${primary} could not sync its configuration: ${answer.message ?? answer.status}`)
    },
    compare: async (primary, backup, signal) => {
      const parts = await versions(primary, signal)
      const own = await vipsOf(client, primary, signal)
      return [
        ...versionDifferences(parts, primary, backup),
        ...vipDifferences(own, await vipsOf(client, backup, signal)),
      ]
    },
  }
}

function versionDifferences(
  parts: Record<string, z.output<typeof version>>,
  primary: string,
  backup: string,
): string[] {
  return Object.entries(parts)
    .filter(([, { version: theirs, _my_version: own }]) => theirs !== own)
    .map(
      ([part, { version: theirs, _my_version: own }]) => `${part} is ${own} on ${primary} and ${theirs} on ${backup}`,
    )
}

async function vipsOf(client: RestClient, node: string, signal: AbortSignal): Promise<NodeVips> {
  const { answer } = await client.call(node, vipStatusCall, signal)
  const vips = answer.rows.filter(({ mode }) => mode === 'carp')
  return {
    node,
    vips: vips.map((row) => ({
      interface: row.interface ?? '',
      vhid: row.vhid,
      address: row.subnet,
      advbase: Number(row.advbase),
      advskew: Number(row.advskew),
    })),
  }
}
