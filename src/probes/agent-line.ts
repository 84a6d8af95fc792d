import { z } from 'zod'
import { reasonOf } from '../model/failure.ts'

const stream = { stream: z.string() }
const session = { ...stream, session: z.int() }
const rows = {
  ...stream,
  baseMs: z.number(),
  sessions: z.array(z.int()),
  seqs: z.array(z.int()),
  afterMs: z.array(z.number()),
}
/** Answered probes of a stream by columns: one value of each for every probe. */
const answers = {
  ...stream,
  seqs: z.array(z.int()),
  dueMs: z.array(z.number()),
  sentMs: z.array(z.number()),
  receivedMs: z.array(z.number()),
  reflected: z.array(z.int()),
}
const line = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...shape })

/** Facts that the agent reports as they are recorded. */
const factSchema = z.discriminatedUnion('type', [
  line('probe', {
    ...stream,
    seq: z.int(),
    sentMs: z.number(),
    receivedMs: z.number().nullable(),
    dueMs: z.number().optional(),
    reflected: z.int().optional(),
    error: z.string().optional(),
    cause: z.string().optional(),
  }),
  line('extra-answer', { ...stream, seq: z.int(), receivedMs: z.number() }),
  line('stale-answer', { ...stream, receivedMs: z.number() }),
  line('lease', {
    ...stream,
    state: z.enum(['obtained', 'renewed', 'rebound', 'refused']),
    machineMs: z.number(),
    address: z.string(),
    server: z.string(),
  }),
  line('session-opened', { ...session, openedMs: z.number() }),
  line('messages', rows),
  line('echoes', rows),
  line('socket-sample', {
    ...stream,
    machineMs: z.number(),
    sockets: z.array(z.object({ session: z.int(), tcp: z.string().nullable() })),
  }),
  line('session-closed', { ...session, closedMs: z.number(), cause: z.string() }),
  line('stream-failed', { ...stream, reason: z.string() }),
])

const openedSchema = line('stream-opened', { ...stream, settings: z.record(z.string(), z.string()) })
const syncSchema = line('sync', { n: z.int(), remoteMs: z.number() })
const answersSchema = line('answers', answers)
const lostSchema = line('lines-lost', { lines: z.int() })
const sampledSchema = line('sampled', { n: z.int() })
const closedSchema = line('closed', {})

const agentLineSchema = z.discriminatedUnion('type', [
  ...factSchema.options,
  openedSchema,
  syncSchema,
  answersSchema,
  lostSchema,
  sampledSchema,
  closedSchema,
])

/** One line of the agent's output. */
export type AgentLine = z.output<typeof agentLineSchema>

/** Parses a line of the agent, or says what is wrong with it. */
export function parseAgentLine(text: string): AgentLine | { type: 'unreadable'; reason: string } {
  try {
    return agentLineSchema.parse(JSON.parse(text))
  } catch (thrown) {
    const reason = thrown instanceof z.ZodError ? (thrown.issues[0]?.message ?? 'unexpected shape') : reasonOf(thrown)
    return { type: 'unreadable', reason: `${reason} in ${JSON.stringify(text.slice(0, 120))}` }
  }
}
