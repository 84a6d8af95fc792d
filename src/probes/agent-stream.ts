import type { StreamClass } from '../model/metric.ts'

/** One stream of probes as its vantage machine runs it. */
export interface AgentStream {
  name: string
  kind: string
  class: StreamClass
  from: string
  to: string
  /** IPv4 address of `to`. */
  address: string
  port: number | null
  everyMs: number
  timeoutMs: number
  sessions: number
  /** How long after one session the next one opens; all at once where absent. */
  openEveryMs?: number
  /** Of bulk transfers, how much each message carries. */
  chunkBytes?: number
  /** Of UDP probes, whether each has a port of its own. */
  isFresh?: boolean
  /** The name that a DNS probe asks for. */
  question?: string
  /** What an HTTP probe asks for, and the status that counts as an answer. */
  request?: { path: string; status: number; tls: boolean }
}
