/** Exit codes of the command line; design page "Three verdicts". */
export const exitCodes = {
  pass: 0,
  fail: 1,
  unknown: 2,
  usage: 64,
  unavailable: 69,
  internal: 70,
  leftToUndo: 75,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** An expected failure: one line that says what was expected and what came, a hint what to do, and the exit code. */
export class HarnessError extends Error {
  override readonly name = 'HarnessError'
  readonly exitCode: ExitCode
  readonly hint: string | undefined
  /** What went wrong as one word, for callers that can deal with it; its vocabulary is the port's, e.g. `RefusalKind`. */
  readonly kind: string | undefined

  constructor(message: string, options: { exitCode: ExitCode; hint?: string; kind?: string; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.exitCode = options.exitCode
    this.hint = options.hint
    this.kind = options.kind
  }
}

/** Somebody wants a run to end. `haste` is aborted when they ask once more: then nothing is waited for but the undo. */
export class Interruption extends HarnessError {
  readonly haste: AbortSignal

  constructor(by: string, haste: AbortSignal) {
    super(`interrupted by ${by}`, { exitCode: exitCodes.interrupted })
    this.haste = haste
  }
}

/** The haste of whoever aborted a signal; never aborted where nobody can ask twice. */
export function hasteOf(signal: AbortSignal): AbortSignal {
  const reason: unknown = signal.reason
  return reason instanceof Interruption ? reason.haste : new AbortController().signal
}

/** The first line of whatever was thrown, for one-line messages. */
export const reasonOf = (thrown: unknown): string =>
  (thrown instanceof Error ? thrown.message : String(thrown)).split('\n', 1)[0] ?? ''
