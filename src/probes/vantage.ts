import { randomBytes } from 'node:crypto'
import { reasonOf } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'
import type { PlannedVantage } from '../model/plan.ts'
import type { Clock } from '../ports/clock.ts'
import type { Recorder } from '../ports/recorder.ts'
import type { RemoteProcess, Shell } from '../ports/shell.ts'
import type { Vantage } from '../ports/vantage.ts'
import { installScript } from './agent-files.ts'
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

const syncEveryMs = 2000
const firstSyncs = 5
/** How long the agent may take to answer for the first time, and to close beyond the time its last probe has. */
const answerWithinMs = 10_000
const closeSlackMs = 3000

/**
 * Installs the probe agent on a machine and starts its streams. Resolves when it has answered, or when it is recorded
 * that its streams failed. Throws only what no vantage machine could help: a stream that the lab has no address for, or an abort.
 */
export async function startVantage(options: VantageOptions): Promise<Vantage> {
  const streams = options.streams.map(({ name, use }) => specOf(name, use, options.lab))
  const log = new StreamLog(options.machine, streams, options.recorder, options.clock)
  try {
    return await runAgent(options, streams, log)
  } catch (thrown) {
    options.signal.throwIfAborted()
    log.fail(`the probe agent on ${options.machine} did not start: ${reasonOf(thrown)}`)
    return { stop: async () => {} }
  }
}

function specOf(name: string, use: PlannedVantage['streams'][number]['use'], lab: Lab): AgentStream {
  const probe = probes[use.kind]
  if (probe === undefined) throw new Error(`no probe of kind ${use.kind}`)
  return probe.spec(name, use.params, lab)
}

async function runAgent(
  { machine, shell, clock, signal }: VantageOptions,
  streams: AgentStream[],
  log: StreamLog,
): Promise<Vantage> {
  const folder = `/tmp/firedrill-agent-${randomBytes(6).toString('hex')}`
  await shell.run(machine, '/bin/sh -s', { signal, input: await installScript(folder) })
  const agent = await shell.spawn(
    machine,
    `/bin/sh -c 'node ${folder}/main.mjs; code=$?; rm -rf ${folder}; exit $code'`,
    {
      signal,
      onLine: (line) => log.read(line),
      onErrorLine: (line) => log.readError(line),
    },
  )
  const ended = agent.ended.then((code) => log.ended(code))
  agent.write(JSON.stringify({ streams }))
  const syncing = new AbortController()
  const stopping = AbortSignal.any([signal, syncing.signal])
  await answered(agent, log, clock, stopping)
  const syncs = keepInSync(agent, log, clock, stopping)
  const longestMs = Math.max(...streams.map(({ timeoutMs }) => timeoutMs))
  return {
    stop: async () => {
      syncing.abort()
      await syncs
      await stop(agent, ended, log, clock, signal, longestMs + closeSlackMs)
    },
  }
}

/** A few syncs in a row at the start: the one with the shortest round trip says most. */
async function answered(agent: RemoteProcess, log: StreamLog, clock: Clock, signal: AbortSignal): Promise<void> {
  for (let n = 0; n < firstSyncs; n += 1) {
    const answer = await within(answerWithinMs, Promise.race([log.askForClock(agent), agent.ended]), clock, signal)
    if (answer !== 'answered') throw new Error(log.lastError ?? 'it did not answer')
  }
}

async function keepInSync(agent: RemoteProcess, log: StreamLog, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(syncEveryMs, signal).catch(() => {})
    if (!signal.aborted) void log.askForClock(agent)
  }
}

async function stop(
  agent: RemoteProcess,
  ended: Promise<void>,
  log: StreamLog,
  clock: Clock,
  signal: AbortSignal,
  limitMs: number,
) {
  void log.askForClock(agent)
  agent.write(JSON.stringify({ stop: true }))
  await within(limitMs, ended, clock, signal).catch(() => {})
  agent.end()
  log.close()
}

/** What a promise resolves to, or undefined after the limit; rejects when aborted. */
async function within<T>(ms: number, promise: Promise<T>, clock: Clock, signal: AbortSignal): Promise<T | undefined> {
  const limit = new AbortController()
  try {
    return await Promise.race([promise, clock.sleep(ms, AbortSignal.any([signal, limit.signal])).then(() => undefined)])
  } finally {
    limit.abort()
  }
}
