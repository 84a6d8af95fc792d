import type { State } from '../../../commands/state-text.ts'
import { formatClock } from '../../clock-text.ts'
import type { JsonObject } from '../../exchange.ts'
import { textOf } from '../../form.ts'
import { RestError, type RestCall, type RestRoutes } from './endpoint.ts'

const limit = 397_000

/** pf's state table. */
export const stateRoutes: RestRoutes = {
  '/firewall/states': { GET: listStates, DELETE: deleteStates },
  '/firewall/states/size': { GET: sizeOfTable },
}

async function listStates({ firewall, fields }: RestCall): Promise<JsonObject[]> {
  const states = await firewall.control.filter.states()
  const most = Number(textOf(fields, 'limit') || '0')
  return states.slice(0, most > 0 ? most : undefined).map(stateJson)
}

function stateJson(state: State, index: number): JsonObject {
  const { source, translated, packets, bytes } = state
  return {
    id: index,
    interface: 'all',
    protocol: state.proto,
    direction: 'out',
    source: translated === source ? source : `${translated} (${source})`,
    destination: state.destination,
    state: state.state,
    age: formatClock(state.ageSeconds),
    expires_in: formatClock(state.expiresSeconds),
    packets_total: packets[0] + packets[1],
    packets_in: packets[1],
    packets_out: packets[0],
    bytes_total: bytes[0] + bytes[1],
    bytes_in: bytes[1],
    bytes_out: bytes[0],
    stateid: state.id,
    creatorid: state.creator,
  }
}

async function deleteStates({ firewall, fields }: RestCall): Promise<JsonObject[]> {
  const source = textOf(fields, 'source')
  if (source === '') throw new RestError(400, 'MODEL_QUERY_IS_REQUIRED', 'At least one query parameter is required.')
  await firewall.control.filter.kill(source)
  return []
}

async function sizeOfTable({ firewall }: RestCall): Promise<JsonObject> {
  const current = (await firewall.control.filter.states()).length
  return { maximumstates: limit, defaultmaximumstates: limit, currentstates: current }
}
