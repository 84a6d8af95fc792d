import type { CarpState, Family } from '../carp/vhid.ts'
import type { Interface } from '../net/monitor-line.ts'
import { formatAddress } from './inet-text.ts'

/** One VHID as ifconfig prints it: the configured skew, never the demoted one. */
export type CarpLine = {
  vhid: number
  state: CarpState
  advbase: number
  advskew: number
  addresses: readonly string[]
  /** Where unicast advertisements go. */
  peers?: Partial<Record<Family, string>>
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
  const nic = { device, index: Number(device.replace(/\D+/, '')) + 1 }
  const hex = flags.reduce((sum, [, bit]) => sum + bit, 0).toString(16)
  const lines = [
    `${device}: flags=${hex}<${flags.map(([name]) => name).join(',')}> metric 0 mtu ${mtu}`,
    `\tether ${mac}`,
    ...addresses.map((address) => `\t${formatAddress(address, nic)}`),
    ...carp.flatMap(({ vhid, addresses: virtual }) =>
      virtual.map((address) => `\t${formatAddress(address, nic)} vhid ${vhid}`),
    ),
    ...carp.flatMap(({ state, vhid, advbase, advskew, peers }) => [
      `\tcarp: ${state} vhid ${vhid} advbase ${advbase} advskew ${advskew}`,
      `\t      peer ${peers?.inet ?? '224.0.0.18'} peer6 ${peers?.inet6 ?? 'ff02::12'}`,
    ]),
    '\tmedia: Ethernet autoselect (10Gbase-T <full-duplex>)',
    `\tstatus: ${carrier ? 'active' : 'no carrier'}`,
  ]
  return `${lines.join('\n')}\n`
}

/** `ifconfig pfsync0` of FreeBSD 14. */
export function formatPfsync(pfsync: {
  syncdev: string
  syncpeer: string
  mtu: number
  defer: boolean
  version: number
  ok: boolean
}): string {
  const { syncdev, syncpeer, mtu, defer, version, ok } = pfsync
  return [
    `pfsync0: flags=1000041<UP,RUNNING,LOWER_UP> metric 0 mtu ${mtu}`,
    `\tsyncdev: ${syncdev} syncpeer: ${syncpeer} maxupd: 128 defer: ${defer ? 'on' : 'off'} version: ${version}`,
    `\tsyncok: ${ok ? 1 : 0}`,
    '',
  ].join('\n')
}
