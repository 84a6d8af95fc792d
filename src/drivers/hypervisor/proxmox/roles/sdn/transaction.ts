import { applySdn } from '../../endpoints/sdn.ts'
import { waitingForLocks } from '../../tasks/lock-wait.ts'
import { surelyDone } from '../../tasks/synchronous.ts'
import type { TaskRunner } from '../../tasks/task-runner.ts'
import type { Api } from '../../transport/api.ts'
import { type LockToken, giveBack, hasLock, rollBack, takeLock } from './lock.ts'
import { type SdnState, refuseForeignSubnets } from './state.ts'

/** What all SDN changes work with. */
export interface Tools {
  api: Api
  tasks: TaskRunner
  /** How long another's lock is waited for. */
  lockLimitMs: number
}

/** Edits in one go, and the means to apply them. */
export interface Transaction {
  token: LockToken
  /** Sends one edit, surely but once; `isDone` reads it back. */
  edit(send: () => Promise<unknown>, isDone: () => Promise<boolean>): Promise<void>
  apply(options: { isLast: boolean }): Promise<void>
}

interface Options {
  state: SdnState
  breakLock?: boolean
  signal: AbortSignal
}

const undoLimitMs = 60_000

/** Runs `work` under the SDN lock where the release has one. What it edited and did not apply is rolled back when it fails. */
export async function transact(
  tools: Tools,
  { state, breakLock = false, signal }: Options,
  work: (transaction: Transaction) => Promise<void>,
): Promise<void> {
  const { api, tasks, lockLimitMs } = tools
  const locks = await hasLock(api, signal)
  if (!locks) await refuseForeignSubnets(api, state, signal)
  const allowPending = [...state.zones, ...state.vnets].some(({ isPending }) => isPending)
  const token = locks ? await takeLock(api, { allowPending, breakLock, limitMs: lockLimitMs, signal }) : {}
  const lock = { isHeld: locks }
  try {
    await work({
      token,
      async edit(send, isDone) {
        await waitingForLocks(api, lockLimitMs, () => surelyDone(api, send, isDone, signal), signal, ['cluster-lock'])
      },
      async apply({ isLast }) {
        await tasks.run(applySdn, locks ? { ...token, 'release-lock': isLast } : {}, signal)
        if (isLast) lock.isHeld = false
      },
    })
    if (lock.isHeld) await giveBack(api, token, signal)
  } catch (thrown) {
    // The undo outlives an abort, which may be what it is for; and why it failed matters less than why there is one.
    if (lock.isHeld) await rollBack(api, token, AbortSignal.timeout(undoLimitMs)).catch(() => undefined)
    throw thrown
  }
}
