import { isIPv6 } from 'node:net'
import { destinationsOf } from '../model/destination.ts'
import { reasonOf } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'
import type { PlannedVantage } from '../model/plan.ts'
import type { Clock } from '../ports/clock.ts'
import type { Recorder } from '../ports/recorder.ts'
import type { Shell } from '../ports/shell.ts'
import type { Vantage } from '../ports/vantage.ts'
import { runAgent } from './agent-run.ts'
import type { AgentStream } from './agent-stream.ts'
import { probes } from './index.ts'
import { StreamLog } from './stream-log.ts'

/** The streams of one vantage machine, and what is needed to run and record them. */
export interface VantageOptions extends PlannedVantage {
  lab: Lab
  shell: Shell
  recorder: Recorder
  clock: Clock
  signal: AbortSignal
  /** Machines that answer what sessions say; every machine of a lab of our own making does where this is absent. */
  reflectors?: readonly string[] | undefined
}

/**
 * Installs the probe agent on a machine and starts its streams. Resolves when it has answered, or when it is recorded
 * that its streams failed. Throws only what no vantage machine could help: a stream that the lab has no address for, or an abort.
 */
export async function startVantage(options: VantageOptions): Promise<Vantage> {
  const { machine, recorder, clock, signal } = options
  const wanted = options.streams.map(({ name, use }) => specOf(name, use, options.lab))
  const streams = wanted.filter((stream) => !isWithheld(stream, options))
  if (streams.length === 0) return nothingToStop
  const log = new StreamLog(machine, streams, recorder, clock)
  try {
    return await runAgent(options, streams, log)
  } catch (thrown) {
    signal.throwIfAborted()
    log.fail(`the probe agent on ${machine} did not start: ${reasonOf(thrown)}`)
    return nothingToStop
  }
}

const nothingToStop: Vantage = { sampleSockets: async () => {}, stop: async () => {} }

/** Some streams need a partner that answers; where the target file names none, that is a fact and no failure of the prober. */
function isWithheld(stream: AgentStream, { lab, reflectors, recorder }: VantageOptions): boolean {
  const { name, kind, class: of, address } = stream
  const to = destinationsOf(lab, isIPv6(address) ? 6 : 4)[stream.to]?.machine ?? stream.to
  if (probes[kind]?.needsReflector !== true || reflectors === undefined || reflectors.includes(to)) return false
  const lacking = of === 'sessions' ? 'no session can be held with it' : `nothing there answers ${kind} probes`
  const reason = `${to} is no reflector: the target file's attach.reflectors does not name it, so ${lacking}`
  recorder.record({ type: 'stream-withheld', stream: name, reason })
  return true
}

function specOf(name: string, use: PlannedVantage['streams'][number]['use'], lab: Lab): AgentStream {
  const probe = probes[use.kind]
  if (probe === undefined) throw new Error(`no probe of kind ${use.kind}`)
  return probe.spec(name, use.params, lab)
}
