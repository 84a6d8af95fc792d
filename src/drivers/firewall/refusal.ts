import { HarnessError, exitCodes } from '../../model/failure.ts'
import type { FirewallRefusal } from '../../ports/firewall.ts'

/** What a firewall did not do, or said that cannot be understood, as one line for people. */
export const refusal = (
  kind: FirewallRefusal,
  message: string,
  more: { hint?: string; cause?: unknown } = {},
): HarnessError => new HarnessError(message, { exitCode: exitCodes.unavailable, kind, ...more })

/** True for an error of one of these kinds. */
export const isRefusal = (thrown: unknown, ...kinds: FirewallRefusal[]): thrown is HarnessError =>
  thrown instanceof HarnessError && kinds.some((kind) => kind === thrown.kind)
