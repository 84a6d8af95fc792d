import { HarnessError, reasonOf } from '../../../../model/failure.ts'
import type { Bench } from './bench.ts'
import { type Case, lackOf } from './case.ts'
import { ContractBroken, NotRun } from './expectation.ts'

/** How a case went; `undecided` could not be carried out although nothing that it needs was missing. */
export interface Outcome {
  case: Case
  verdict: 'ok' | 'failed' | 'not run' | 'undecided'
  /** Empty for `ok`. */
  why: string
  seconds: number
}

/** Enough for a nested node without KVM. */
const usualLimitSeconds = 120

/** Runs one case within its time. `benchWith` makes the bench for a signal. Never throws. */
export async function runCase(
  each: Case,
  benchWith: (signal: AbortSignal) => Bench,
  interruption: AbortSignal,
): Promise<Outcome> {
  const started = performance.now()
  const limit = each.limitSeconds ?? usualLimitSeconds
  const time = AbortSignal.timeout(limit * 1000)
  const bench = benchWith(AbortSignal.any([interruption, time]))
  const outcome = (verdict: Outcome['verdict'], why: string): Outcome => {
    return { case: each, verdict, why, seconds: (performance.now() - started) / 1000 }
  }
  const lack = each.needs.map((need) => lackOf(need, bench)).find((why) => why !== null)
  if (interruption.aborted) return outcome('not run', 'interrupted')
  if (lack !== undefined) return outcome('not run', lack)
  try {
    await each.run(bench)
    return outcome('ok', '')
  } catch (thrown) {
    if (interruption.aborted) return outcome('not run', 'interrupted')
    if (time.aborted) return outcome('failed', `not done within ${limit} s`)
    if (thrown instanceof HarnessError && thrown.kind === 'forbidden') return outcome('undecided', thrown.message)
    if (thrown instanceof NotRun) return outcome('undecided', thrown.message)
    return outcome('failed', thrown instanceof ContractBroken ? thrown.message : reasonOf(thrown))
  }
}
