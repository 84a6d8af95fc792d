import { HarnessError } from '../../model/failure.ts'
import type { Clock } from '../../ports/clock.ts'
import type { RefusalKind } from '../../ports/hypervisor.ts'

const attempts = 8
const firstPauseMs = 250
const longestPauseMs = 10_000
const lockKinds: readonly (string | undefined)[] = ['locked', 'cluster-lock', 'sdn-lock'] satisfies RefusalKind[]

/** Does a job again while somebody else's lock is in its way: eight times over half a minute. `clean` runs before each repetition. */
export async function despiteLocks<T>(
  clock: Clock,
  signal: AbortSignal,
  job: () => Promise<T>,
  clean: () => Promise<void> = () => Promise.resolve(),
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await job()
    } catch (error) {
      if (!isLock(error) || attempt === attempts || signal.aborted) throw error
    }
    await clock.sleep(Math.min(firstPauseMs * 2 ** attempt, longestPauseMs), signal)
    await clean()
  }
}

function isLock(error: unknown): boolean {
  return error instanceof HarnessError && lockKinds.includes(error.kind)
}
