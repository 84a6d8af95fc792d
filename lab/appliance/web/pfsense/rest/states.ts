import type { State } from '../../../commands/state-text.ts'
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

function stateJson(
  { proto, source, destination, translated, state, id, creator, expiresSeconds }: State,
  index: number,
) {
  return {
    id: index,
    interface: 'all',
    protocol: proto,
    direction: 'out',
    source: translated === source ? source : `${translated} (${source})`,
    destination,
    state,
    age: '00:00:00',
    expires_in: new Date(expiresSeconds * 1000).toISOString().slice(11, 19),
    packets_total: 0,
    bytes_total: 0,
    stateid: id,
    creatorid: creator,
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
