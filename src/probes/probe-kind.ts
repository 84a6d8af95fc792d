import type { z } from 'zod'
import type { Lab } from '../model/lab.ts'
import type { StreamClass } from '../model/metric.ts'
import type { AgentStream } from './agent-stream.ts'

/** One way to ask whether traffic flows. */
export interface ProbeKind {
  readonly kind: string
  readonly class: StreamClass
  /** Whether it needs a program on the other side that answers what it says. */
  readonly needsReflector: boolean
  /** Parameters as a scenario file gives them; durations become milliseconds. */
  readonly params: z.ZodType<Record<string, unknown>>
  /** One line for people: what it sends, and what counts as an answer. */
  readonly howTo: string
  /** The stream for parameters that `params` has accepted, in a lab that has both machines. */
  spec(name: string, params: Readonly<Record<string, unknown>>, lab: Lab): AgentStream
}

/** How long any probe waits for its answer before it is lost, ms. */
export const timeoutMs = 2000
