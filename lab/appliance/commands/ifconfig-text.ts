import type { CarpState } from '../carp/vhid.ts'
import type { Interface } from '../net/monitor-line.ts'

/** One VHID as ifconfig prints it: the configured skew, never the demoted one. */
export type CarpLine = {
  vhid: number
  state: CarpState
  advbase: number
  advskew: number
  addresses: readonly string[]
}

// IFF_UP BROADCAST RUNNING PROMISC SIMPLEX MULTICAST LOWER_UP, in FreeBSD's order and values.
const flagBits: readonly [string, number][] = [
  ['UP', 0x1],
  ['BROADCAST', 0x2],
  ['RUNNING', 0x40],
  ['PROMISC', 0x100],
  ['SIMPLEX', 0x800],
  ['MULTICAST', 0x8000],
  ['LOWER_UP', 0x1000000],
]

/** `ifconfig <nic>` of FreeBSD 14. */
export function formatInterface(
  device: string,
  { mac, mtu, adminUp, carrier, addresses }: Interface,
  carp: CarpLine[],
): string {
  const absent = new Set([
    ...(adminUp ? [] : ['UP', 'RUNNING']),
    ...(carp.length > 0 ? [] : ['PROMISC']),
    ...(carrier ? [] : ['LOWER_UP']),
  ])
  const flags = flagBits.filter(([name]) => !absent.has(name))
  const hex = flags.reduce((sum, [, bit]) => sum + bit, 0).toString(16)
  const lines = [
    `${device}: flags=${hex}<${flags.map(([name]) => name).join(',')}> metric 0 mtu ${mtu}`,
    `\tether ${mac}`,
    ...addresses.map((address) => `\t${formatInet(address)}`),
    ...carp.flatMap(({ vhid, addresses: virtual }) =>
      virtual.map((address) => `\t${formatInet(address)} vhid ${vhid}`),
    ),
    ...carp.flatMap(({ state, vhid, advbase, advskew }) => [
      `\tcarp: ${state} vhid ${vhid} advbase ${advbase} advskew ${advskew}`,
      '\t      peer 224.0.0.18 peer6 ff02::12',
    ]),
    '\tmedia: Ethernet autoselect (10Gbase-T <full-duplex>)',
    `\tstatus: ${carrier ? 'active' : 'no carrier'}`,
  ]
  return `${lines.join('\n')}\n`
}

/** `ifconfig pfsync0` of FreeBSD 14. */
export function formatPfsync(pfsync: { syncdev: string; syncpeer: string; mtu: number; ok: boolean }): string {
  return [
    `pfsync0: flags=1000041<UP,RUNNING,LOWER_UP> metric 0 mtu ${pfsync.mtu}`,
    `\tsyncdev: ${pfsync.syncdev} syncpeer: ${pfsync.syncpeer} maxupd: 128 defer: off version: 1400`,
    `\tsyncok: ${pfsync.ok ? 1 : 0}`,
    '',
  ].join('\n')
}

function formatInet(cidr: string): string {
  const [address = '', prefix = '32'] = cidr.split('/')
  const mask = Number(prefix) === 0 ? 0 : (0xffffffff << (32 - Number(prefix))) >>> 0
  const number = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0)
  const broadcast = ((number | ~mask) >>> 0).toString(16).padStart(8, '0')
  const dotted = [0, 2, 4, 6].map((at) => Number.parseInt(broadcast.slice(at, at + 2), 16)).join('.')
  return `inet ${address} netmask 0x${mask.toString(16).padStart(8, '0')} broadcast ${dotted}`
}
