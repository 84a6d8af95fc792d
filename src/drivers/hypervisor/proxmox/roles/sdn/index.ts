import type { SdnHost } from '../../../../../ports/provisioning.ts'
import { createNetworks } from './creation.ts'
import { removeNetworks } from './removal.ts'
import { readState } from './state.ts'
import type { Tools } from './transaction.ts'

/** Networks as SDN zones and vnets. */
export function sdnHostOf(tools: Tools): SdnHost {
  return {
    async zones(signal) {
      const { zones } = await readState(tools.api, signal)
      return zones.map(({ isPending: _pending, isDeleted: _deleted, ...zone }) => zone)
    },
    async vnets(signal) {
      const { vnets } = await readState(tools.api, signal)
      return vnets.map(({ vnet, zone, tag, alias }) => ({ vnet, zone, tag, alias }))
    },
    create: async (networks, signal) => await createNetworks(tools, networks, signal),
    remove: async (networks, signal, removal) => await removeNetworks(tools, networks, signal, removal),
  }
}
