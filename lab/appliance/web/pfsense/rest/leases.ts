import type { JsonObject } from '../../exchange.ts'
import type { Lease } from '../../leases.ts'

/** A lease of the DHCP server as the package tells it. */
export function leaseJson({ address, mac, hostName, key, endsAtSeconds }: Lease, id: number): JsonObject {
  return {
    id,
    ip: address,
    mac,
    hostname: hostName,
    if: key,
    starts: '',
    ends: endsAtSeconds === 0 ? '' : new Date(endsAtSeconds * 1000).toISOString().slice(0, 19).replace('T', ' '),
    active_status: 'active',
    online_status: 'active/online',
    descr: '',
  }
}
