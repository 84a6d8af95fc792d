import { isInet6 } from '../net/address.ts'

/** An address as `ifconfig` prints it; `scope` is the NIC's number and name for link-local ones. */
export function formatAddress(cidr: string, nic: { device: string; index: number }): string {
  const [address = '', prefix = '32'] = cidr.split('/')
  if (!isInet6(address)) return formatInet(address, Number(prefix))
  const isLocal = /^fe80:/i.test(address)
  const scope = isLocal ? ` scopeid 0x${nic.index.toString(16)}` : ''
  return `inet6 ${address}${isLocal ? `%${nic.device}` : ''} prefixlen ${prefix}${scope}`
}

function formatInet(address: string, prefix: number): string {
  const mask = prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0
  const number = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0)
  const broadcast = ((number | ~mask) >>> 0).toString(16).padStart(8, '0')
  const dotted = [0, 2, 4, 6].map((at) => Number.parseInt(broadcast.slice(at, at + 2), 16)).join('.')
  return `inet ${address} netmask 0x${mask.toString(16).padStart(8, '0')} broadcast ${dotted}`
}
