import { HarnessError } from '../../../../model/failure.ts'
import { NotRun } from './expectation.ts'

/** The kind of a refusal by the driver; `nothing` where it was none. A missing right is no fault of the endpoint. */
export async function refusalKind(attempt: () => Promise<unknown>): Promise<string> {
  const refusal = await refusalOf(attempt)
  return refusal === null ? 'nothing' : (refusal.kind ?? `no kind: ${refusal.message}`)
}

/** The driver's error for people; null where there was none. */
export async function refusalOf(attempt: () => Promise<unknown>): Promise<HarnessError | null> {
  try {
    await attempt()
    return null
  } catch (thrown) {
    if (!(thrown instanceof HarnessError)) throw thrown
    if (thrown.kind === 'forbidden') throw new NotRun(`the token lacks a right: ${thrown.message}`)
    return thrown
  }
}
