import { z } from 'zod'

// The nth matching call or task, and how many from there on; 0 times is for ever.
const count = { nth: z.int().min(1).default(1), times: z.int().min(0).default(1) }
const call = { method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).optional(), path: z.string().default(''), ...count }
const task = { type: z.string().optional(), vmid: z.int().optional(), ...count }

/** One switch of the fault board. `path` is a regular expression on the path below `/api2/json`. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** The connection breaks without a byte of reply, before or after the call is executed. */
  z.strictObject({ kind: z.literal('lost-reply'), when: z.enum(['before', 'after']).default('after'), ...call }),
  /** 595, 596 and their like with an empty body, before or after the call is executed, `delayMs` later. */
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    reason: z.string().default(''),
    when: z.enum(['before', 'after']).default('before'),
    delayMs: z.int().min(0).default(0),
    ...call,
  }),
  /** The call is executed, the reply is this text. */
  z.strictObject({
    kind: z.literal('garbled-reply'),
    status: z.int().min(200).max(599).default(200),
    body: z.string(),
    contentType: z.string().default('application/json;charset=UTF-8'),
    ...call,
  }),
  /** The task's work begins `delayMs` later. */
  z.strictObject({ kind: z.literal('slow-task'), delayMs: z.int().min(0), ...task }),
  /** The worker vanishes, its work done or not: exit status `unexpected status`, a log without a last line. */
  z.strictObject({ kind: z.literal('task-without-verdict'), isDone: z.boolean().default(false), ...task }),
  /** The task ends with this exit status; its work is done where it says `OK` or `WARNINGS: n`. */
  z.strictObject({ kind: z.literal('task-ends'), exitStatus: z.string().min(1), ...task }),
  /** Somebody holds the VM's lock file. */
  z.strictObject({ kind: z.literal('lock-held'), vmid: z.int(), forMs: z.int().min(0) }),
  /** A crashed task has left its lock in the configuration. */
  z.strictObject({ kind: z.literal('config-locked'), vmid: z.int(), lock: z.string() }),
  /** The node has no power: its VMs are off, calls to it are 595 after `delayMs`. */
  z.strictObject({ kind: z.literal('node-down'), node: z.string(), delayMs: z.int().min(0).default(3000) }),
  /** The node's services hang: calls to it are 596 after `delayMs`. */
  z.strictObject({ kind: z.literal('node-frozen'), node: z.string(), delayMs: z.int().min(0).default(30_000) }),
  z.strictObject({ kind: z.literal('quorum-lost') }),
  /** The node cannot load its network configuration when SDN changes are applied. */
  z.strictObject({ kind: z.literal('reload-fails'), node: z.string() }),
])

/** A switch that is on. */
export type Fault = z.output<typeof faultSchema>
