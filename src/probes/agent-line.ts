import { z } from 'zod'
import { reasonOf } from '../model/failure.ts'
import { streamFacts } from '../model/stream-facts.ts'

const stream = { stream: z.string() }
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
  line('probe', streamFacts.probe),
  line('extra-answer', streamFacts['extra-answer']),
  line('stale-answer', streamFacts['stale-answer']),
  line('lease', streamFacts.lease),
  line('session-opened', streamFacts['session-opened']),
  line('messages', streamFacts.messages),
  line('echoes', streamFacts.echoes),
  line('socket-sample', streamFacts['socket-sample']),
  line('session-closed', streamFacts['session-closed']),
  line('stream-failed', streamFacts['stream-failed']),
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
