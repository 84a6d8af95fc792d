import type { Facts } from './facts.ts'
import type { ObservedStep } from './steps.ts'

/** What a kernel says of a TCP socket (`ss -ti`): its state, and how far its retransmission is. */
export interface SocketState {
  state: string
  /** Retransmission timeout, ms, and how often it has been doubled. */
  rtoMs: number | null
  backoff: number
  /** Segments sent and not acknowledged; bytes not sent yet. */
  unacked: number
  notSent: number
  /** Segments sent again since it was opened. */
  resent: number
}

/** Reads what `ss -ti` says of one socket; null where that is nothing. */
export function readSocket(text: string): SocketState | null {
  const state = /^\s*([A-Z][A-Z0-9-]+)\b/.exec(text)?.[1]
  if (state === undefined) return null
  const number = (name: string): number | null => {
    const found = new RegExp(String.raw`\b${name}:(\d+(?:\.\d+)?)`).exec(text)?.[1]
    return found === undefined ? null : Number(found)
  }
  return {
    state,
    rtoMs: number('rto'),
    backoff: number('backoff') ?? 0,
    unacked: number('unacked') ?? 0,
    notSent: number('notsent') ?? 0,
    resent: Number(/\bretrans:\d+\/(\d+)/.exec(text)?.[1] ?? 0),
  }
}

/** What the kernel said of each session's socket at the end of a step; empty where nobody asked. */
export function socketsAt(facts: Facts, stream: string, step: ObservedStep): Map<number, SocketState> {
  const sample = facts
    .of('socket-sample')
    .findLast((one) => one.stream === stream && one.atMs >= step.startMs && one.atMs <= step.observedUntilMs)
  return new Map(
    (sample?.sockets ?? []).flatMap(({ session, tcp }) => {
      const state = tcp === null ? null : readSocket(tcp)
      return state === null ? [] : [[session, state] as const]
    }),
  )
}

/** One socket for people: `ESTAB, rto 3264 ms, backoff 4, 1 unacked: its kernel is still retransmitting`. */
export function saySocket({ state, rtoMs, backoff, unacked, notSent, resent }: SocketState): string {
  const rto = rtoMs === null ? [] : [`rto ${Math.round(rtoMs)} ms`]
  const waiting = notSent === 0 ? [] : [`${notSent} bytes not sent`]
  const again = resent === 0 ? [] : [`${resent} sent again`]
  const said = [state, ...rto, `backoff ${backoff}`, `${unacked} unacked`, ...again, ...waiting].join(', ')
  return unacked > 0 ? `${said}: its kernel is still retransmitting` : said
}
