import type { HarnessError } from '../../../../model/failure.ts'
import type { RefusalKind } from '../../../../ports/hypervisor.ts'
import type { Api } from '../transport/api.ts'
import { failure, isKind } from '../transport/error.ts'

const firstPauseMs = 500
const longestPauseMs = 4000

/** Locks of a VM's file or configuration, and of the cluster's files. */
const locks: readonly RefusalKind[] = ['locked', 'cluster-lock']

/** Repeats what a lock refused until it goes through or `limitMs` have passed; a refusal has changed nothing. Then throws, naming the lock. */
export async function waitingForLocks<T>(
  { clock }: Api,
  limitMs: number,
  work: () => Promise<T>,
  signal: AbortSignal,
  kinds: readonly RefusalKind[] = locks,
): Promise<T> {
  const started = clock.nowMs()
  for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
    try {
      return await work()
    } catch (thrown) {
      if (!isKind(thrown, ...kinds)) throw thrown
      if (clock.nowMs() - started + pause > limitMs) throw gaveUp(thrown, limitMs)
    }
    await clock.sleep(pause, signal)
  }
}

function gaveUp(refusal: HarnessError, limitMs: number): HarnessError {
  const { message, hint, kind } = refusal
  const meaning = { ...(hint === undefined ? {} : { hint }), kind: kindOf(kind) }
  return failure(`${message} (waited ${limitMs / 1000} s for it)`, meaning, refusal)
}

const kindOf = (kind: string | undefined): RefusalKind =>
  kind === 'sdn-lock' || kind === 'cluster-lock' ? kind : 'locked'
