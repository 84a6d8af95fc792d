import type { Lab } from '../../model/lab.ts'
import type { CapturePoint, StreamEnds } from './points.ts'
import { echoPort } from './probe-frame.ts'

/** What a capture of probes looks for: addresses of one of the ends, and the ports of the reflector. */
export interface ProbeFilter {
  addresses: readonly string[]
  ports: ReadonlySet<number>
}

/** The addresses and ports that probes of these streams carry, on whichever side of a NAT. */
export function probeFilterOf(lab: Lab, streams: readonly StreamEnds[]): ProbeFilter {
  const machines = [...new Set(streams.flatMap(({ from, to }) => [from, ...(to === null ? [] : [to])]))]
  const nics = machines.flatMap((machine) => Object.values(lab.machines[machine]?.nics ?? {}))
  const own = nics.flatMap((nic) => (typeof nic === 'string' || Array.isArray(nic) ? nic : []))
  const shared = lab.pair.vips.map(({ address }) => address)
  const forwarded = (lab.pair.forwards ?? []).filter(
    ({ protocol, to }) => protocol === 'udp' && to.endsWith(`:${echoPort}`),
  )
  return {
    addresses: [...new Set([...own, ...shared].map((cidr) => cidr.slice(0, cidr.indexOf('/'))))],
    ports: new Set([echoPort, ...forwarded.map(({ port }) => port)]),
  }
}

const signals = {
  carp: 'ip proto 112 or ip6 proto 112',
  arp: 'arp or (icmp6 and ip6[40] == 136)',
  dhcp: 'udp port 67 or udp port 68',
  strangers: 'not (ip proto 240 or ip6 proto 240)',
} as const

/** Answers of DHCP, which a tap shows only where both directions are captured. */
const fromServers = 'udp src port 67 and udp dst port 68'

/** A capture filter for tcpdump, tagged frames included. */
export function captureFilter({ catches }: Pick<CapturePoint, 'catches'>, probes: ProbeFilter): string {
  const heard = catches.includes('probes')
    ? [probesIn(probes), ...(catches.includes('dhcp') ? [fromServers] : [])]
    : catches.flatMap((one) => (one === 'probes' ? [] : [signals[one]]))
  const plain = heard.map((part) => `(${part})`).join(' or ')
  return `${plain} or (vlan and (${plain}))`
}

function probesIn({ addresses, ports }: ProbeFilter): string {
  const hosts = addresses.map((address) => `host ${address}`).join(' or ')
  const echoes = 'icmp[0] == 8 or icmp[0] == 0 or (icmp6 and (ip6[40] == 128 or ip6[40] == 129))'
  const datagrams = [...ports].map((port) => `udp port ${port}`).join(' or ')
  return `(${echoes} or ${datagrams}) and (${hosts})`
}
