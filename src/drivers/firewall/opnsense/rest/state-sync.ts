import { z } from 'zod'
import type { StateSyncReader } from '../../../../ports/firewall.ts'
import type { RestCall, RestClient } from '../../rest/client.ts'
import { wholeNumber } from '../../rest/loose.ts'

const creator = z.object({ creatorid: z.string().regex(/^[0-9a-f]{1,8}$/), this: z.union([z.boolean(), wholeNumber]) })
const nodesCall: RestCall<{ rows: z.output<typeof creator>[] }> = {
  method: 'GET',
  path: '/api/diagnostics/interface/get_pfsync_nodes',
  answer: z.object({ rows: z.array(creator) }),
  privilege: '"Interfaces: Virtual IPs: Status"',
}
const statesCall: RestCall<{ current: number; limit: number }> = {
  method: 'GET',
  path: '/api/diagnostics/firewall/pf_states',
  answer: z.object({ current: wholeNumber, limit: wholeNumber }),
  privilege: '"Lobby: Dashboard"',
}
const countersCall: RestCall<{ statistics: { pfsync: Record<string, unknown> } }> = {
  method: 'GET',
  path: '/api/diagnostics/interface/get_protocol_statistics',
  answer: z.object({ statistics: z.object({ pfsync: z.record(z.string(), z.unknown()).catch({}) }) }),
  privilege: '"Diagnostics: Netstat"',
}

/** The words of `netstat -s`, by the names that its JSON has for them. */
const words: Readonly<Record<string, string>> = {
  'received-inet-packets': 'packets received (IPv4)',
  'received-inet6-packets': 'packets received (IPv6)',
  'dropped-bad-ttl': 'packets discarded for bad ttl',
  'dropped-bad-version': 'packets discarded for bad version',
  'dropped-bad-action': 'packets discarded for bad action',
  'dropped-bad-values': 'states discarded for bad values',
  'dropped-stale-state': 'stale states',
  'dropped-failed-lookup': 'failed state lookup/inserts',
  'sent-inet-packets': 'packets sent (IPv4)',
  'sent-inet6-packets': 'packets sent (IPv6)',
  'send-errors': 'send errors',
}

/** State table and state sync of an OPNsense by its API, which does not tell whether the sync is complete. The own id is told only while it has states. */
export const opnsenseStateSync = (client: RestClient): StateSyncReader => ({
  read: async (node, signal) => {
    const nodes = await client.call(node, nodesCall, signal)
    const counters = await client.call(node, countersCall, signal)
    const states = await client.call(node, statesCall, signal)
    const creators = nodes.answer.rows.map((row) => ({
      id: row.creatorid.padStart(8, '0'),
      isOwn: Number(row.this) === 1,
    }))
    return {
      sentMs: nodes.sentMs,
      ackedMs: states.ackedMs,
      hostId: creators.find(({ isOwn }) => isOwn)?.id ?? null,
      creatorIds: creators.map(({ id }) => id),
      syncOk: null,
      states: states.answer,
      inserts: null,
      counters: countersOf(counters.answer.statistics.pfsync),
    }
  },
})

function countersOf(pfsync: Record<string, unknown>): Record<string, number> | null {
  const known = Object.entries(pfsync).flatMap(([name, value]): [string, number][] => {
    const word = words[name]
    return word === undefined || typeof value !== 'number' ? [] : [[word, value]]
  })
  return known.length === 0 ? null : Object.fromEntries(known)
}
