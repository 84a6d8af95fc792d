import { deepStrictEqual } from 'node:assert/strict'
import { HarnessError } from '../../../model/failure.ts'
import type { FirewallRefusal } from '../../../ports/firewall.ts'

/** Throws where two values differ, with both. */
export function expectSame(what: string, came: unknown, expected: unknown): void {
  try {
    deepStrictEqual(came, expected)
  } catch {
    throw new Error(`${what}: expected ${JSON.stringify(expected)}, came ${JSON.stringify(came)}`)
  }
}

/** Throws where something does not hold. */
export function expectTrue(what: string, holds: boolean): void {
  if (!holds) throw new Error(`expected ${what}`)
}

/** Resolves to the refusal that a call ends with; throws where it succeeds, or fails in another way. */
export async function expectRefusal(
  what: string,
  call: Promise<unknown>,
  kind: FirewallRefusal,
): Promise<HarnessError> {
  const thrown: unknown = await call.then(
    () => null,
    (error: unknown) => error,
  )
  if (thrown === null) throw new Error(`${what}: expected a refusal (${kind}), it went through`)
  if (!(thrown instanceof HarnessError) || thrown.kind !== kind)
    throw new Error(`${what}: expected a refusal (${kind})`, { cause: thrown })
  expectTrue(`${what}: a refusal of one line, came ${JSON.stringify(thrown.message)}`, !thrown.message.includes('\n'))
  return thrown
}
