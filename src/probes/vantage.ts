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
}

/**
 * Installs the probe agent on a machine and starts its streams. Resolves when it has answered, or when it is recorded
 * that its streams failed. Throws only what no vantage machine could help: a stream that the lab has no address for, or an abort.
 */
export async function startVantage(options: VantageOptions): Promise<Vantage> {
  const { machine, recorder, clock, signal } = options
  const streams = options.streams.map(({ name, use }) => specOf(name, use, options.lab))
  const log = new StreamLog(machine, streams, recorder, clock)
  try {
    return await runAgent(options, streams, log)
  } catch (thrown) {
    signal.throwIfAborted()
    log.fail(`the probe agent on ${machine} did not start: ${reasonOf(thrown)}`)
    return { stop: async () => {} }
  }
}

function specOf(name: string, use: PlannedVantage['streams'][number]['use'], lab: Lab): AgentStream {
  const probe = probes[use.kind]
  if (probe === undefined) throw new Error(`no probe of kind ${use.kind}`)
  return probe.spec(name, use.params, lab)
}
