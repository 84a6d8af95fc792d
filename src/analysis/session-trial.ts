import type { ObservedStep } from './steps.ts'

/** What a stream's sessions are judged against in one step, on the run's clock. */
export interface SessionTrial {
  step: ObservedStep
  /** When the step's fault (or its healing) began, and from when on it had happened. */
  fault: { fromMs: number; byMs: number }
  /** When all packet streams carried traffic again; null where they did not. */
  recoveredMs: number | null
  /** Before this at least one of them did not yet. */
  recoveredFromMs: number
  /** The longest outage that the packet streams allow. */
  outageMs: number
  /** A longer stall is told as one. */
  mostStallMs: number
}

/** How long a message may take to come back where nothing is broken, ms. */
export const echoWithinMs = 2000

/** Sessions get this long after the recovery of the data plane, ms: TCP doubles its waits, so a silence can be twice the outage. */
export const sessionGraceMs = (outageMs: number): number => Math.max(2 * outageMs, 5000) + 1000

/** By when a session has to have caught up; Infinity where the path never recovered. */
export const deadlineOf = ({ recoveredMs, outageMs }: SessionTrial): number =>
  recoveredMs === null ? Infinity : recoveredMs + sessionGraceMs(outageMs)

/** When it is judged: at its deadline, or where its step ends before. */
export const judgedAtMs = (trial: SessionTrial): number => Math.min(deadlineOf(trial), trial.step.observedUntilMs)
