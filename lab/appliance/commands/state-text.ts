/** One state as pf would tell it, from a line of `conntrack -L -o extended,id`. */
export type State = {
  proto: string
  source: string
  destination: string
  /** The source as the other side sees it; equal to `source` without NAT. */
  translated: string
  state: string
  id: string
  creator: string
  expiresSeconds: number
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

/** Reads one line; undefined for anything that is no IPv4 state. */
export function parseState(line: string): State | undefined {
  const head = /^ipv4\s+\d+\s+(\w+)\s+\d+\s+(\d+)\s+(?:([A-Z_]+)\s+)?src=/.exec(line)
  const [first, second] = [
    ...line.matchAll(/src=(\S+) dst=(\S+) (?:sport=(\d+) dport=(\d+)|type=\d+ code=\d+ id=(\d+))/g),
  ]
  if (head === null || first === undefined || second === undefined) return undefined
  const [, proto = '', expires = '0', name] = head
  return {
    proto,
    source: join(first[1], first[3] ?? first[5]),
    destination: join(first[2], first[4] ?? first[5]),
    translated: join(second[2], second[4] ?? second[5]),
    state: describe(proto, name, line.includes('[UNREPLIED]')),
    id: Number(/ id=(\d+)\s*$/.exec(line)?.[1] ?? 0)
      .toString(16)
      .padStart(16, '0'),
    creator: Number(/ mark=(\d+)/.exec(line)?.[1] ?? 0)
      .toString(16)
      .padStart(8, '0'),
    expiresSeconds: Number(expires),
  }
}

/** A line of `pfctl -ss`, with the details of `-vvss` on lines of their own. */
export function formatState(state: State, verbose: boolean): string {
  const { proto, source, destination, translated } = state
  const from = translated === source ? source : `${translated} (${source})`
  const head = `all ${proto} ${from} -> ${destination}       ${state.state}\n`
  if (!verbose) return head
  return `${head}   age 00:00:00, expires in ${clock(state.expiresSeconds)}, 0:0 pkts, 0:0 bytes\n   id: ${state.id} creatorid: ${state.creator}\n`
}

function describe(proto: string, name: string | undefined, unreplied: boolean): string {
  if (proto === 'tcp') return tcpStates[name ?? ''] ?? 'CLOSED:CLOSED'
  if (proto === 'icmp') return '0:0'
  return unreplied ? 'SINGLE:NO_TRAFFIC' : 'MULTIPLE:MULTIPLE'
}

function join(address = '', port = '0'): string {
  return `${address}:${port}`
}

function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}
