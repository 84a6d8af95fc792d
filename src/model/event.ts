import { z } from 'zod'
import { captureFacts } from './capture-facts.ts'
import { carpLogEntrySchema } from './carp-log.ts'
import { collectedLineSchema } from './collected-line.ts'
import { fact } from './fact.ts'
import { haStateSchema, vhidRoleSchema } from './ha-state.ts'
import { streamFacts } from './stream-facts.ts'

/**
 * The facts of a run, in the order they were learnt. `atMs` is on the harness's monotonic clock, 0 at the start of the run.
 * Times inside `probe`, `session-*`, `message` and `echo` are on the clock of the stream's vantage machine; `clock-sync` relates the two.
 */
const stream = { stream: z.string() }
const step = { step: z.string() }
const interval = { sentMs: z.number(), ackedMs: z.number() }
const poll = { node: z.string(), source: z.string().optional(), ...interval, skipped: z.int().optional() }

export const eventSchema = z.discriminatedUnion('type', [
  fact('run-started', {
    runId: z.string(),
    tool: z.object({ name: z.string(), version: z.string() }),
    startedAt: z.iso.datetime(),
    seed: z.int(),
    scenario: z.unknown(),
    scenarioFile: z.string(),
    scenarioSha256: z.string(),
    lab: z.unknown(),
    host: z.record(z.string(), z.string()),
  }),
  fact('versions', { hypervisor: z.string(), machines: z.record(z.string(), z.string()) }),
  /** By which way in each firewall is read and controlled. */
  fact('firewall-sources', { firewalls: z.record(z.string(), z.object({ read: z.string(), control: z.string() })) }),
  fact('progress', { text: z.string() }),
  fact('stream-opened', {
    ...stream,
    kind: z.string(),
    class: z.enum(['packets', 'sessions']),
    from: z.string(),
    to: z.string(),
    everyMs: z.number(),
    timeoutMs: z.number(),
    sessions: z.int(),
    /** A stream whose sessions open one after another, one in so many ms. */
    openEveryMs: z.number().optional(),
    settings: z.record(z.string(), z.string()),
  }),
  fact('clock-sync', { machine: z.string(), sentMs: z.number(), remoteMs: z.number(), receivedMs: z.number() }),
  fact('probe', streamFacts.probe),
  fact('extra-answer', streamFacts['extra-answer']),
  fact('stale-answer', streamFacts['stale-answer']),
  fact('lease', streamFacts.lease),
  fact('session-opened', streamFacts['session-opened']),
  fact('messages', streamFacts.messages),
  fact('echoes', streamFacts.echoes),
  fact('socket-sample', streamFacts['socket-sample']),
  fact('session-closed', streamFacts['session-closed']),
  fact('stream-failed', streamFacts['stream-failed']),
  /** A stream of the scenario that this target cannot carry, and why; nothing of it was sent. */
  fact('stream-withheld', { ...stream, reason: z.string() }),
  /** The vantage machine's last word on its streams, after its last probe was resolved. Without it the recording is torn. */
  fact('streams-closed', { machine: z.string() }),
  /** A node's whole state, by one way in; `source` is absent in older recordings, which asked over SSH. `skipped`: slots left out since the sample before. */
  fact('ha-sample', { ...poll, state: haStateSchema.nullable(), error: z.string().optional() }),
  /** Which roles a node's VHIDs had at some instant of the interval; null where it did not answer. */
  fact('role-sample', { ...poll, vhids: z.array(vhidRoleSchema).nullable(), error: z.string().optional() }),
  ...captureFacts,
  /** A picture of a firewall's CARP status page, as a person sees it; `file` is in the run's folder. */
  fact('picture', { node: z.string(), phase: z.enum(['before', 'after']), file: z.string(), sha256: z.string() }),
  /** How the clock that stamps a node's log relates to the run's: log ms = `zeroMs` + run ms, give or take `boundMs`. */
  fact('log-clock', { node: z.string(), zeroMs: z.number(), boundMs: z.number() }),
  /** What a node's kernel has logged of CARP since the run began, as it was read within the interval; null where it was not told. */
  fact('carp-log', {
    node: z.string(),
    ...interval,
    entries: z.array(carpLogEntrySchema).nullable(),
    error: z.string().optional(),
  }),
  /** What the log collector of the lab had got by then of role changes, all of it since its beginning; null where it was not told. */
  fact('collected-log', {
    machine: z.string(),
    ...interval,
    answer: z.object({ wallMs: z.number(), lines: z.array(collectedLineSchema) }).nullable(),
    error: z.string().optional(),
  }),
  /** State table and state sync of a node, as far as its way in tells. */
  fact('sync-sample', {
    node: z.string(),
    ...interval,
    hostId: z.string().nullable(),
    creatorIds: z.array(z.string()),
    syncOk: z.boolean().nullable(),
    states: z.int(),
    /** States ever made, for rates; absent in older recordings, null where the way in does not tell. */
    inserts: z.int().nullable().optional(),
  }),
  fact('gate', {
    phase: z.enum(['before', 'after']),
    state: z.enum(['waiting', 'settled', 'expired']),
    unsettled: z.array(z.string()),
  }),
  fact('clean-traffic', { sinceMs: z.number(), forMs: z.number() }),
  /** `silences`: streams that are to have no answer in this step; nobody waits for them. */
  fact('step-started', {
    ...step,
    action: z.enum(['fault', 'heal']),
    kind: z.string(),
    of: z.string(),
    silences: z.array(z.string()).optional(),
  }),
  fact('targets-resolved', { ...step, ref: z.string(), machines: z.array(z.string()) }),
  fact('injected', { ...step, ...interval, machines: z.array(z.string()) }),
  /** A further fault of a step, begun after its first one: the step's recovery counts from it. */
  fact('injected-also', { ...step, kind: z.string(), ...interval, machines: z.array(z.string()) }),
  fact('healed', { ...step, ...interval, machines: z.array(z.string()) }),
  fact('effect', { ...step, proven: z.boolean(), evidence: z.string() }),
  /** Whether a change of the configuration that a step made was seen at a node within the interval; null where the node did not tell. */
  fact('config-seen', { ...step, node: z.string(), ...interval, isThere: z.boolean().nullable() }),
  /** What came of pings that a step had one firewall send to an address of the other: round trips in the order of their answers, of so many sent. */
  fact('round-trips', {
    ...step,
    node: z.string(),
    address: z.string(),
    ...interval,
    sent: z.int(),
    rttsMs: z.array(z.number()),
  }),
  fact('step-ended', { ...step, end: z.enum(['recovered', 'expired', 'aborted']) }),
  fact('undo', {
    id: z.string(),
    state: z.enum(['planned', 'done', 'failed']),
    what: z.string(),
    error: z.string().optional(),
  }),
  fact('problem', { where: z.string(), message: z.string() }),
  fact('run-ended', {
    outcome: z.enum(['completed', 'aborted', 'interrupted']),
    reason: z.string(),
    endedAt: z.iso.datetime(),
  }),
])

export type Event = z.output<typeof eventSchema>
export type EventType = Event['type']
export type EventOf<T extends EventType> = Extract<Event, { type: T }>
/** An event before the recorder stamps it with `atMs`. */
export type Fact = Event extends infer E ? (E extends Event ? Omit<E, 'atMs'> : never) : never
