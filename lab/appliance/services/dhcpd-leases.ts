/** Where ISC's server keeps its leases. */
export const dhcpdLeaseFile = '/var/lib/dhcp/dhcpd.leases'

/** A lease that is in use; `endsAtSeconds` in Unix seconds, 0 never. */
export type DhcpdLease = { address: string; mac: string; hostName: string; endsAtSeconds: number }

/** Reads ISC's lease file, in which the last entry of an address counts: those that are active. */
export function parseDhcpdLeases(text: string): DhcpdLease[] {
  const entries = [...text.matchAll(/^lease (\S+) \{\n([^]*?)^\}/gm)].map(([, address = '', body = '']) => ({
    address,
    body,
  }))
  const last = new Map(entries.map((entry) => [entry.address, entry.body]))
  return [...last].flatMap(([address, body]) => {
    if (!/^ {2}binding state active;$/m.test(body)) return []
    const ends = /^ {2}ends \d (\d+)\/(\d+)\/(\d+) (\S+);$/m.exec(body)
    const endsAtSeconds = ends === null ? 0 : Date.parse(`${ends[1]}-${ends[2]}-${ends[3]}T${ends[4]}Z`) / 1000
    const mac = /^ {2}hardware ethernet (\S+);$/m.exec(body)?.[1] ?? ''
    const hostName = /^ {2}client-hostname "([^"]*)";$/m.exec(body)?.[1] ?? ''
    return [{ address, mac, hostName, endsAtSeconds }]
  })
}
