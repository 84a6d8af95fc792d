import type { JsonObject } from '../../exchange.ts'
import type { Lease } from '../../leases.ts'
import type { Answer, Call, Routes } from './endpoint.ts'
import { gridAnswer } from './grid.ts'

/** Leases under the names of the three servers that OPNsense has had; Dnsmasq is the one that serves here. */
export const leaseRoutes: Routes = {
  'dnsmasq/leases/search': {
    feature: 'dnsmasqLeases',
    answer: ({ firewall, fields }) => gridAnswer(firewall.leases().map(dnsmasqRow), fields),
  },
  'kea/leases4/search': { answer: noLeases },
  'kea/leases6/search': { feature: 'keaLeases6', answer: noLeases },
  'dhcpv4/leases/search_lease': { feature: 'iscDhcp', answer: noLeases },
}

function noLeases({ fields }: Call): Answer {
  return gridAnswer([], fields)
}

function dnsmasqRow({ endsAtSeconds, mac, address, hostName, device, description }: Lease): JsonObject {
  return {
    expire: endsAtSeconds,
    hwaddr: mac,
    address,
    hostname: hostName,
    client_id: '',
    if: device,
    if_descr: description,
    is_reserved: '0',
  }
}
