import { createHash } from 'node:crypto'
import { run } from '../system/run.ts'

/** One state as pf would tell it, from a line of `conntrack -L -o extended,id`. */
export type State = {
  family: 'inet' | 'inet6'
  proto: string
  source: string
  destination: string
  /** The source as the other side sees it; equal to `source` without NAT. */
  translated: string
  state: string
  /** 16 hex digits, the same on both nodes. */
  id: string
  creator: string
  expiresSeconds: number
  ageSeconds: number
  /** There and back. */
  packets: readonly [number, number]
  bytes: readonly [number, number]
}

const tcpStates: Record<string, string> = {
  SYN_SENT: 'SYN_SENT:CLOSED',
  SYN_RECV: 'SYN_SENT:ESTABLISHED',
  ESTABLISHED: 'ESTABLISHED:ESTABLISHED',
  FIN_WAIT: 'FIN_WAIT_2:ESTABLISHED',
  CLOSE_WAIT: 'ESTABLISHED:FIN_WAIT_2',
  LAST_ACK: 'FIN_WAIT_2:FIN_WAIT_2',
  TIME_WAIT: 'TIME_WAIT:TIME_WAIT',
  CLOSE: 'CLOSED:CLOSED',
}
const protocols: Record<string, string> = { icmpv6: 'ipv6-icmp' }
const head = /^(ipv[46])\s+\d+\s+(\w+)\s+\d+\s+(\d+)\s+(?:([A-Z_]+)\s+)?src=/
const tuple =
  /src=(\S+) dst=(\S+) (?:sport=(\d+) dport=(\d+)|type=\d+ code=\d+ id=(\d+))(?: packets=(\d+) bytes=(\d+))?/g

/** The kernel's state table. */
export async function readStates(): Promise<State[]> {
  const { output } = await run('conntrack', ['-L', '-o', 'extended,id'])
  return output.split('\n').flatMap((line) => parseState(line) ?? [])
}

/** Reads one line; undefined for anything that is no state. */
export function parseState(line: string): State | undefined {
  const found = head.exec(line)
  const [first, second] = [...line.matchAll(tuple)]
  if (found === null || first === undefined || second === undefined) return undefined
  const [, version, proto = '', expires = '0', name] = found
  const ends = (from: RegExpExecArray): [string, string] => [
    join(from[1], from[3] ?? from[5]),
    join(from[2], from[4] ?? from[5]),
  ]
  const creator = Number(/ mark=(\d+)/.exec(line)?.[1] ?? 0)
    .toString(16)
    .padStart(8, '0')
  return {
    family: version === 'ipv6' ? 'inet6' : 'inet',
    proto: protocols[proto] ?? proto,
    source: ends(first)[0],
    destination: ends(first)[1],
    translated: ends(second)[1],
    state: describe(proto, name, line.includes('[UNREPLIED]')),
    id: identify(proto, ends(first), creator),
    creator,
    expiresSeconds: Number(expires),
    ageSeconds: Number(/ delta-time=(\d+)/.exec(line)?.[1] ?? 0),
    packets: [Number(first[6] ?? 0), Number(second[6] ?? 0)],
    bytes: [Number(first[7] ?? 0), Number(second[7] ?? 0)],
  }
}

/** A line of `pfctl -ss`, with the details of `-vvss` on lines of their own. */
export function formatState(state: State, verbose: boolean): string {
  const { proto, source, destination, translated, ageSeconds, expiresSeconds, packets, bytes } = state
  const from = translated === source ? source : `${translated} (${source})`
  const line = `all ${proto} ${from} -> ${destination}       ${state.state}\n`
  if (!verbose) return line
  const counts = `${packets.join(':')} pkts, ${bytes.join(':')} bytes`
  const sequence = proto === 'tcp' ? '   [0 + 65535] wscale 7  [0 + 65535] wscale 7\n' : ''
  const times = `   age ${clock(ageSeconds)}, expires in ${clock(expiresSeconds)}, ${counts}\n`
  return `${line}${sequence}${times}   id: ${state.id} creatorid: ${state.creator}\n`
}

function describe(proto: string, name: string | undefined, unreplied: boolean): string {
  if (proto === 'tcp') return tcpStates[name ?? ''] ?? 'CLOSED:CLOSED'
  if (proto === 'icmp' || proto === 'icmpv6') return '0:0'
  return unreplied ? 'SINGLE:NO_TRAFFIC' : 'MULTIPLE:MULTIPLE'
}

function join(address = '', port = '0'): string {
  return address.includes(':') ? `${address}[${port}]` : `${address}:${port}`
}

// The kernel's own numbers differ between the nodes; pf's do not, and so neither do these.
function identify(proto: string, ends: readonly string[], creator: string): string {
  return createHash('sha1')
    .update([proto, ...ends, creator].join(' '))
    .digest('hex')
    .slice(0, 16)
}

// `01:32:36`, from a day on `1d02:03:04`.
function clock(seconds: number): string {
  const days = Math.floor(seconds / 86_400)
  const parts = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
  const time = parts.map((part) => String(part).padStart(2, '0')).join(':')
  return days === 0 ? time : `${days}d${time}`
}
