import type { Clock } from '../../ports/clock.ts'
import type { Recorder } from '../../ports/recorder.ts'
import type { RemoteProcess, Shell } from '../../ports/shell.ts'

const everyMs = 2000
const firstReadings = 5
const answerWithinMs = 2000

/** GNU date; each line asks once. */
const script = 'while read n; do echo "$n $(date +%s.%N)"; done'

/** Compares the wall clock of a machine with the run's, a few times at once and then every 2 s, until aborted. Each comparison is a recorded fact. */
export async function watchWallClock(
  { shell, where, recorder, clock }: { shell: Shell; where: string; recorder: Recorder; clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  const asked = new Map<number, { sentMs: number; answered: () => void }>()
  const onLine = (line: string) => {
    const [n, seconds] = line.split(' ').map(Number)
    const question = asked.get(n ?? -1)
    if (question === undefined || !Number.isFinite(seconds)) return
    const wallMs = (seconds ?? 0) * 1000
    recorder.record({ type: 'wall-sync', machine: where, sentMs: question.sentMs, wallMs, receivedMs: clock.nowMs() })
    question.answered()
  }
  const remote = await shell.spawn(where, `/bin/sh -c '${script}'`, { signal, onLine, onErrorLine: () => {} })
  for (let n = 0; !signal.aborted; n += 1) {
    await ask(remote, n, asked, clock, signal)
    if (n + 1 >= firstReadings) await clock.sleep(everyMs, signal).catch(() => {})
  }
  remote.end()
}

async function ask(
  remote: RemoteProcess,
  n: number,
  asked: Map<number, { sentMs: number; answered: () => void }>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const limit = new AbortController()
  asked.set(n, { sentMs: clock.nowMs(), answered: resolve })
  remote.write(String(n))
  const expired = clock.sleep(answerWithinMs, AbortSignal.any([signal, limit.signal])).catch(() => {})
  await Promise.race([promise, expired])
  limit.abort()
  asked.delete(n)
}
