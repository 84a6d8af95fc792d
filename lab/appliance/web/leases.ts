/** One lease of the firewall's own DHCP server; `endsAtSeconds` 0 never ends. */
export type Lease = {
  endsAtSeconds: number
  mac: string
  address: string
  hostName: string
  device: string
  /** OPNsense's identifier of the interface, and what people call it. */
  key: string
  description: string
}

/** Reads Dnsmasq's file of leases: time, MAC, address, name, client id. */
export function parseLeases(
  text: string,
  interfaceOf: (address: string) => Pick<Lease, 'device' | 'key' | 'description'>,
): Lease[] {
  return text.split('\n').flatMap((line) => {
    const [, ends, mac = '', address = '', host = '*'] = /^(\d+) (\S+) (\d+\.\d+\.\d+\.\d+) (\S+)/.exec(line) ?? []
    if (ends === undefined) return []
    return [{ endsAtSeconds: Number(ends), mac, address, hostName: host === '*' ? '' : host, ...interfaceOf(address) }]
  })
}
