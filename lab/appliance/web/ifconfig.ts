import type { JsonObject } from './exchange.ts'

/** One NIC as `ifconfig` shows it. */
export type Nic = {
  device: string
  flags: string[]
  mac: string
  mtu: string
  status: string
  inet: NicAddress[]
  carp: NicCarp[]
}

export type NicAddress = { address: string; prefix: number; isIPv6: boolean; vhid: string | undefined }
type NicCarp = { status: string; vhid: string; advbase: string; advskew: string; peer: string; peer6: string }

/** Reads the text of `ifconfig`. */
export function parseIfconfig(text: string): Nic[] {
  return text.split(/\n(?=\S)/).flatMap((block) => parseNic(block) ?? [])
}

/** A NIC as the API's `get_interface_config` tells it. */
export function nicJson({ flags, mac, mtu, status, inet, carp }: Nic): JsonObject {
  const family = (isIPv6: boolean): JsonObject[] => inet.filter((each) => each.isIPv6 === isIPv6).map(addressJson)
  return {
    flags: flags.map((flag) => flag.toLowerCase()),
    macaddr: mac,
    mtu,
    status,
    ipv4: family(false),
    ipv6: family(true),
    ...(carp.length > 0 && { carp: Object.fromEntries(carp.map((each) => [each.vhid, { ...each }])) }),
  }
}

function addressJson({ address, prefix, isIPv6, vhid }: NicAddress): JsonObject {
  const isLinkLocal = isIPv6 && /^fe80:/i.test(address)
  return {
    ipaddr: address,
    subnetbits: prefix,
    tunnel: false,
    ...(isIPv6 && { link_local: isLinkLocal }),
    ...(vhid !== undefined && { vhid }),
  }
}

function parseNic(block: string): Nic | undefined {
  const head = /^(\w+): flags=[0-9a-f]+<([^>]*)> metric \d+ mtu (\d+)/.exec(block)
  if (head === null) return undefined
  const [, device = '', flags = '', mtu = ''] = head
  return {
    device,
    flags: flags.split(',').filter((flag) => flag !== ''),
    mac: /\tether (\S+)/.exec(block)?.[1] ?? '',
    mtu,
    status: /\tstatus: (.+)/.exec(block)?.[1] ?? '',
    inet: [...block.matchAll(/\t(inet6?) ([^\s%]+)\S*(.*)/g)].map(parseAddress),
    carp: [
      ...block.matchAll(/\tcarp: (\w+) vhid (\d+) advbase (\d+) advskew (\d+)(?:\n\s+peer (\S+) peer6 (\S+))?/g),
    ].map(([, status = '', vhid = '', advbase = '', advskew = '', peer = '224.0.0.18', peer6 = 'ff02::12']) => {
      return { status, vhid, advbase, advskew, peer, peer6 }
    }),
  }
}

function parseAddress([, family, address = '', rest = '']: RegExpExecArray): NicAddress {
  const isIPv6 = family === 'inet6'
  const mask = /netmask 0x([0-9a-f]+)/.exec(rest)?.[1]
  const bits = /prefixlen (\d+)/.exec(rest)?.[1]
  const ones = Number.parseInt(mask ?? '0', 16)
    .toString(2)
    .replaceAll('0', '').length
  return { address, prefix: isIPv6 ? Number(bits ?? 128) : ones, isIPv6, vhid: /vhid (\d+)/.exec(rest)?.[1] }
}
