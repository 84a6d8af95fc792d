import { z } from 'zod'

const stream = { stream: z.string() }
const session = { ...stream, session: z.int() }
/** Rows by columns: row i is of session `sessions[i]`, number `seqs[i]`, at `baseMs + afterMs[i]`. All three are of one length. */
const sessionRows = {
  ...stream,
  baseMs: z.number(),
  sessions: z.array(z.int()),
  seqs: z.array(z.int()),
  afterMs: z.array(z.number()),
}

/** What a vantage machine tells of its streams, in the words in which it is recorded. Times are on that machine's own clock. */
export const streamFacts = {
  /**
   * One packet probe, resolved: `receivedMs` null and no `error` is a probe without an answer within `timeoutMs`; `error` is a send that failed;
   * `cause`: why there is none, where that is known. `seq` counts slots: a number that never comes is a slot that was not used. `dueMs`: when its slot was.
   * `reflected`: how many probes of the stream had reached the reflector, this one included, when it answered.
   */
  probe: {
    ...stream,
    seq: z.int(),
    sentMs: z.number(),
    receivedMs: z.number().nullable(),
    dueMs: z.number().optional(),
    reflected: z.int().optional(),
    error: z.string().optional(),
    cause: z.string().optional(),
  },
  /** An answer to a probe that had one already, or whose time was up. It changes nothing about the probe. */
  'extra-answer': { ...stream, seq: z.int(), receivedMs: z.number() },
  /** An answer that bears another run's or stream's key: it belongs to nobody here. */
  'stale-answer': { ...stream, receivedMs: z.number() },
  /** What became of the lease that a stream of renewals holds, by which server: `rebound` by another than before, `refused` is given up. */
  lease: {
    ...stream,
    state: z.enum(['obtained', 'renewed', 'rebound', 'refused']),
    machineMs: z.number(),
    address: z.string(),
    server: z.string(),
  },
  'session-opened': { ...session, openedMs: z.number() },
  /** Messages of a stream's sessions that were sent within a short while. */
  messages: sessionRows,
  /** Messages that came back whole and in order within a short while. */
  echoes: sessionRows,
  /** What the vantage machine's kernel says of the sockets of a stream's sessions (`ss -ti`); null where it has none. */
  'socket-sample': {
    ...stream,
    machineMs: z.number(),
    sockets: z.array(z.object({ session: z.int(), tcp: z.string().nullable() })),
  },
  'session-closed': { ...session, closedMs: z.number(), cause: z.string() },
  'stream-failed': { ...stream, reason: z.string() },
}
