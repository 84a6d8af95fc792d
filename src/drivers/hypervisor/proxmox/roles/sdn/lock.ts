import { lockSdn, rollbackSdn, unlockSdn } from '../../endpoints/sdn.ts'
import { waitingForLocks } from '../../tasks/lock-wait.ts'
import type { Api } from '../../transport/api.ts'
import { isKind } from '../../transport/error.ts'
import { releaseOf } from '../cluster-reader.ts'

/** What every edit carries while the lock is ours; nothing on 8.x, which has none. */
export interface LockToken {
  'lock-token'?: string
}

interface Options {
  allowPending: boolean
  /** The holder may be a run of ours that has died: after a short wait the lock is taken from it. */
  breakLock: boolean
  limitMs: number
  signal: AbortSignal
}

const deadHolderWaitMs = 5000
/** Lock, rollback and their parameters came with this release. */
const lockSinceMajor = 9

/** Whether the SDN configuration has a lock at all. */
export const hasLock = async (api: Api, signal: AbortSignal): Promise<boolean> =>
  (await releaseOf(api, signal)).major >= lockSinceMajor

/** Takes the lock of the SDN configuration, waiting for its holder. It never expires by itself. */
export async function takeLock(api: Api, { allowPending, breakLock, limitMs, signal }: Options): Promise<LockToken> {
  const take = async (): Promise<LockToken> => {
    const { data } = await api.call(lockSdn, { 'allow-pending': allowPending }, signal)
    return { 'lock-token': data }
  }
  const lost = { isOurs: false }
  const takeTwice = async () => {
    try {
      return await take()
    } catch (thrown) {
      if (!isKind(thrown, 'lost-reply') || lost.isOurs) throw thrown
      lost.isOurs = true
      return await take()
    }
  }
  const waitMs = breakLock ? Math.min(deadHolderWaitMs, limitMs) : limitMs
  try {
    return await waitingForLocks(api, waitMs, takeTwice, signal, ['sdn-lock', 'cluster-lock'])
  } catch (thrown) {
    // Ours with its token lost together with the reply, or that of a dead run: only force opens it.
    if (!isKind(thrown, 'sdn-lock') || !(breakLock || lost.isOurs)) throw thrown
    await api.call(unlockSdn, { force: true }, signal)
    return await take()
  }
}

export async function giveBack(api: Api, token: LockToken, signal: AbortSignal): Promise<void> {
  await api.call(unlockSdn, token, signal)
}

/** Drops what is pending, and the lock with it; where that does not work, at least the lock. */
export async function rollBack(api: Api, token: LockToken, signal: AbortSignal): Promise<void> {
  try {
    await api.call(rollbackSdn, { ...token, 'release-lock': true }, signal)
  } catch {
    await giveBack(api, token, signal)
  }
}
