// @ts-check
/** What set-up cannot do for the user: one line, and a hint what to do about it. Exit code 69, 130 where it was interrupted. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {string} hint
   * @param {number} [exitCode]
   */
  constructor(message, hint, exitCode = 69) {
    super(message)
    this.hint = hint
    this.exitCode = exitCode
  }
}

/**
 * The error of a program that failed: interrupted by the user, or its last lines.
 * @param {string} program
 * @param {import('./child.mjs').Ended} ended
 * @param {string} hint
 */
export function failureOf(program, ended, hint) {
  if (ended.code === 130) return new SetupError(`${program} was interrupted`, 'run the command again to finish', 130)
  const reason = ended.output.trimEnd().split('\n').slice(-12).join('\n')
  return new SetupError(`${program} ended with code ${ended.code}:\n${reason}`, hint)
}
