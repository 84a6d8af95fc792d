import { isKind } from '../../transport/error.ts'
import { giveBack, hasLock, takeLock } from './lock.ts'
import { type SdnState, hasForeignEdits, readState, refuseForeignEdits } from './state.ts'
import type { Tools } from './transaction.ts'

/**
 * The SDN configuration once nobody else is in the middle of a change. Others' edits under a lock are a run that will apply them soon;
 * edits without one are somebody's unfinished work and refused, since applying would apply them too. `isOurs` tells by the id.
 */
export async function settledState(
  tools: Tools,
  isOurs: (id: string) => boolean,
  signal: AbortSignal,
): Promise<SdnState> {
  for (;;) {
    const state = await readState(tools.api, signal)
    if (!hasForeignEdits(state, isOurs)) return state
    const mayChange = (await hasLock(tools.api, signal)) && (await isWorkedOn(tools, signal))
    if (!mayChange) refuseForeignEdits(state, isOurs)
  }
}

/** Waits for the lock's holder. False where nobody holds it and edits are pending all the same; the lock itself cannot be read. */
async function isWorkedOn({ api, lockLimitMs }: Tools, signal: AbortSignal): Promise<boolean> {
  try {
    const token = await takeLock(api, { allowPending: false, breakLock: false, limitMs: lockLimitMs, signal })
    await giveBack(api, token, signal)
    return true
  } catch (thrown) {
    if (isKind(thrown, 'sdn-pending')) return false
    throw thrown
  }
}
