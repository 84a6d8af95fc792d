import { randomBytes } from 'node:crypto'
import type { Clock } from '../ports/clock.ts'
import type { RemoteProcess, Shell } from '../ports/shell.ts'
import type { Vantage } from '../ports/vantage.ts'
import { installScript } from './agent-files.ts'
import type { AgentStream } from './agent-stream.ts'
import type { StreamLog } from './stream-log.ts'

interface Surroundings {
  machine: string
  shell: Shell
  clock: Clock
  signal: AbortSignal
}

const syncEveryMs = 2000
const firstSyncs = 5
/** How long the agent may take to answer for the first time, to close beyond the time its last probe has, and to be removed. */
const answerWithinMs = 10_000
const closeSlackMs = 3000
const removeWithinMs = 2000
const sampleWithinMs = 3000

/** Runs the agent on a machine until `stop`; what it says goes to the log. Throws when it does not come to answer. */
export async function runAgent(around: Surroundings, streams: AgentStream[], log: StreamLog): Promise<Vantage> {
  const folder = `/tmp/firedrill-agent-${randomBytes(6).toString('hex')}`
  try {
    const agent = await launch(around, folder, log)
    const ended = agent.ended.then((code) => log.ended(code))
    agent.write(JSON.stringify({ streams }))
    await answered(agent, log, around)
    const limitMs = Math.max(...streams.map(({ timeoutMs }) => timeoutMs)) + closeSlackMs
    return { sampleSockets: sampler(around, agent, log), stop: stopper(around, { agent, ended, folder }, log, limitMs) }
  } catch (thrown) {
    await remove(around, folder)
    throw thrown
  }
}

/** The shell around the agent removes its files when it ends; the agent ends with its standard input. */
async function launch(
  { machine, shell, signal }: Surroundings,
  folder: string,
  log: StreamLog,
): Promise<RemoteProcess> {
  await shell.run(machine, '/bin/sh -s', { signal, input: await installScript(folder) })
  return await shell.spawn(machine, `/bin/sh -c 'node ${folder}/main.mjs; code=$?; rm -rf ${folder}; exit $code'`, {
    signal,
    onLine: (line) => log.read(line),
    onErrorLine: (line) => log.readError(line),
  })
}

/** A few syncs in a row at the start: the one with the shortest round trip says most. */
async function answered(agent: RemoteProcess, log: StreamLog, { clock, signal }: Surroundings): Promise<void> {
  for (let n = 0; n < firstSyncs; n += 1) {
    const answer = await within(answerWithinMs, Promise.race([log.askForClock(agent), agent.ended]), clock, signal)
    if (answer === 'answered') continue
    agent.end()
    throw new Error(log.lastError ?? 'it did not answer')
  }
}

interface Running {
  agent: RemoteProcess
  ended: Promise<void>
  folder: string
}

function sampler({ clock, signal }: Surroundings, agent: RemoteProcess, log: StreamLog): Vantage['sampleSockets'] {
  return async () => {
    await within(sampleWithinMs, log.askForSockets(agent), clock, signal).catch(() => {})
  }
}

function stopper(
  around: Surroundings,
  { agent, ended, folder }: Running,
  log: StreamLog,
  limitMs: number,
): Vantage['stop'] {
  const { clock, signal } = around
  const syncing = new AbortController()
  const syncs = keepInSync(agent, log, clock, AbortSignal.any([signal, syncing.signal]))
  return async () => {
    syncing.abort()
    await syncs
    void log.askForClock(agent)
    agent.write(JSON.stringify({ stop: true }))
    await within(limitMs, ended, clock, signal).catch(() => {})
    agent.end()
    if (!log.isClosed) await remove(around, folder)
    log.close()
  }
}

async function keepInSync(agent: RemoteProcess, log: StreamLog, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(syncEveryMs, signal).catch(() => {})
    if (!signal.aborted) void log.askForClock(agent)
  }
}

/** For an agent that did not come to its proper end. Best effort: the machine may be gone. */
async function remove({ machine, shell }: Surroundings, folder: string): Promise<void> {
  await shell.run(machine, `rm -rf ${folder}`, { signal: AbortSignal.timeout(removeWithinMs) }).catch(() => {})
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
