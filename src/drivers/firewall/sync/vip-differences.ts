/** A CARP address as a node's configuration has it. */
export interface VipEntry {
  interface: string
  vhid: number
  /** Address with prefix length, as `192.168.1.1/24`. */
  address: string
  advbase: number
  advskew: number
}

const backupSkew = 100
const largestSkew = 254

/** What differs between the CARP addresses of primary and backup, one line each. The backup's skew is the primary's + 100, 254 at most. */
export function vipDifferences(primary: NodeVips, backup: NodeVips): string[] {
  const keys = [...new Set([...primary.vips, ...backup.vips].map(keyOf))].toSorted()
  return keys.flatMap((key) => {
    const [own] = primary.vips.filter((vip) => keyOf(vip) === key)
    const [other] = backup.vips.filter((vip) => keyOf(vip) === key)
    if (own === undefined) return [`${key} is on ${backup.node} only`]
    if (other === undefined) return [`${key} is on ${primary.node} only`]
    return valueDifferences(key, [primary.node, own], [backup.node, other])
  })
}

export interface NodeVips {
  node: string
  vips: readonly VipEntry[]
}

const keyOf = ({ interface: name, vhid, address }: VipEntry) => `VHID ${vhid} ${address} on ${name}`

function valueDifferences(key: string, [one, own]: [string, VipEntry], [two, other]: [string, VipEntry]): string[] {
  const wanted = Math.min(own.advskew + backupSkew, largestSkew)
  return [
    ...(own.advbase === other.advbase ? [] : [`${key}: advbase ${own.advbase} on ${one}, ${other.advbase} on ${two}`]),
    ...(other.advskew === wanted
      ? []
      : [`${key}: skew ${own.advskew} on ${one}, so ${wanted} is due on ${two}, which has ${other.advskew}`]),
  ]
}
