/** What is known of one interface. `carrier` stays as last seen while the interface is down. */
export type Interface = {
  mac: string
  mtu: number
  adminUp: boolean
  carrier: boolean
  /** Addresses of both families, with prefix length. */
  addresses: string[]
}

/** By device name. */
export type Interfaces = Map<string, Interface>

const linkLine = /^(Deleted )?\d+: ([^:@]+)(?:@[^:]+)?: <([^>]*)> mtu (\d+)(?:.*link\/ether (\S+))?/
const addressLine = /^(Deleted )?\d+: (\S+)\s+inet6? (\S+)/

/** Brings the picture up to date with one line of `ip -o monitor link address`; returns the device if its link was told. */
export function readMonitorLine(interfaces: Interfaces, line: string): string | undefined {
  const link = linkLine.exec(line)
  if (link?.[2] !== undefined) return readLink(interfaces, link[2], link)
  const address = addressLine.exec(line)
  if (address?.[2] !== undefined && address[3] !== undefined) {
    readAddress(interfaces, address[2], address[3], address[1] !== undefined)
  }
  return undefined
}

function readLink(interfaces: Interfaces, device: string, found: RegExpExecArray): string | undefined {
  if (found[1] !== undefined) {
    interfaces.delete(device)
    return undefined
  }
  const flags = (found[3] ?? '').split(',')
  const adminUp = flags.includes('UP')
  const before = interfaces.get(device)
  interfaces.set(device, {
    mac: found[5] ?? before?.mac ?? '00:00:00:00:00:00',
    mtu: Number(found[4]),
    adminUp,
    carrier: adminUp ? flags.includes('LOWER_UP') : (before?.carrier ?? true),
    addresses: before?.addresses ?? [],
  })
  return device
}

function readAddress(interfaces: Interfaces, device: string, address: string, deleted: boolean): void {
  const known = interfaces.get(device)
  if (known === undefined) return
  const others = known.addresses.filter((each) => each !== address)
  interfaces.set(device, { ...known, addresses: deleted ? others : [...others, address] })
}
