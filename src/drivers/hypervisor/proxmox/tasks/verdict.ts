import { readTaskLog, readTaskStatus } from '../endpoints/tasks.ts'
import type { Api } from '../transport/api.ts'
import { failure, isKind, operationError } from '../transport/error.ts'
import { readUpid } from './upid.ts'

const firstPollMs = 250
const slowestPollMs = 2000
/** The server may publish the verdict a moment after the end. */
const patienceWithVerdictMs = 3000
/** How long a node may be silent while its task is watched. */
const patienceWithNodeMs = 45_000

/** Waits for a task's end. Throws its exit status, with the last error of its log, unless `OK` or `WARNINGS: n`. */
export async function awaitTask(
  api: Api,
  call: string,
  upid: string,
  limitMs: number,
  signal: AbortSignal,
): Promise<void> {
  const verdict = await verdictOf(api, upid, limitMs, signal)
  if (verdict === null) {
    throw failure(`${call}: its task had not ended after ${limitMs / 1000} s`, { hint: hintOf(upid) })
  }
  if (isSuccess(verdict)) return
  const first = verdict.split('\n', 1)[0] ?? ''
  const logged = lastError(await logOf(api, upid, signal), first)
  throw operationError(`${call}: its task failed`, logged === undefined ? first : `${first} (${logged})`, hintOf(upid))
}

const isSuccess = (verdict: string) => verdict === 'OK' || /^WARNINGS: \d+$/.test(verdict)
const hintOf = (upid: string) => `the task's log is on the node: pvenode task log ${upid}`

/** Null when the limit passed first. */
async function verdictOf(api: Api, upid: string, limitMs: number, signal: AbortSignal): Promise<string | null> {
  const { clock } = api
  const started = clock.nowMs()
  let stoppedMs: number | null = null
  for (let pause = firstPollMs; clock.nowMs() - started < limitMs; pause = Math.min(pause * 1.3, slowestPollMs)) {
    await clock.sleep(pause, signal)
    const { status, exitstatus } = await patiently(api, () => statusOf(api, upid, signal), signal)
    if (status === 'running') continue
    if (exitstatus !== undefined && exitstatus !== 'unexpected status') return exitstatus
    const logged = loggedVerdict(await logOf(api, upid, signal))
    if (logged !== undefined) return logged
    stoppedMs ??= clock.nowMs()
    if (clock.nowMs() - stoppedMs > patienceWithVerdictMs) return exitstatus ?? 'it ended without a verdict'
  }
  return null
}

async function statusOf(api: Api, upid: string, signal: AbortSignal) {
  return (await api.call(readTaskStatus, { node: readUpid(upid).node, upid }, signal)).data
}

/** A watched task outlives a restart of the API and a node that is away for a moment. */
async function patiently<T>({ clock }: Api, read: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const started = clock.nowMs()
  for (;;) {
    try {
      return await read()
    } catch (thrown) {
      const isAway = isKind(thrown, 'node-unreachable', 'lost-reply', 'unreachable')
      if (!isAway || clock.nowMs() - started > patienceWithNodeMs) throw thrown
      await clock.sleep(1000, signal)
    }
  }
}

/** A log that cannot be read is an empty one: the verdict stands without it. */
async function logOf(api: Api, upid: string, signal: AbortSignal): Promise<string[]> {
  try {
    const { data } = await api.call(readTaskLog, { node: readUpid(upid).node, upid, limit: 0 }, signal)
    return data.map(({ t }) => t)
  } catch {
    signal.throwIfAborted()
    return []
  }
}

/** The verdict as the last line of a log says it; a log without one is of a worker that was killed, or not yet complete. */
function loggedVerdict(log: readonly string[]): string | undefined {
  const [, kind, text] = /^TASK (OK|WARNINGS|ERROR)(?:: (.*))?$/.exec(log.at(-1) ?? '') ?? []
  if (kind === 'OK') return 'OK'
  if (kind === 'WARNINGS') return `WARNINGS: ${text}`
  return kind === 'ERROR' ? (text ?? 'no reason given') : undefined
}

/** The last line of a log that tells more than the verdict. */
function lastError(log: readonly string[], verdict: string): string | undefined {
  const lines = log.filter((line) => /error|fail|unable|cannot|can't|denied|timeout/i.test(line))
  return lines
    .map((line) => line.replace(/^TASK ERROR: /, ''))
    .findLast((line) => !verdict.includes(line) && line !== '')
}
