import type { Api } from '../transport/api.ts'
import { isKind } from '../transport/error.ts'

/**
 * A call without a task, surely but once in effect: after a lost reply the state is read back, and only when the change is not there
 * the call is repeated, at most once.
 */
export async function surelyDone<T>(
  { clock }: Api,
  send: () => Promise<T>,
  isDone: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<T | undefined> {
  try {
    return await send()
  } catch (thrown) {
    if (!isKind(thrown, 'lost-reply')) throw thrown
  }
  for (const pauseMs of [0, 500, 1000]) {
    await clock.sleep(pauseMs, signal)
    if (await isDone()) return undefined
  }
  try {
    return await send()
  } catch (thrown) {
    if (!signal.aborted && (await isDone())) return undefined
    throw thrown
  }
}
