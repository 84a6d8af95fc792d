/** A mistake or a lack that a person can mend: one line, a hint what to do, and the exit code. */
export class LabError extends Error {
  hint: string
  exitCode: 64 | 69 | 75

  constructor(message: string, hint: string, exitCode: 64 | 69 | 75 = 69) {
    super(message)
    this.hint = hint
    this.exitCode = exitCode
  }
}
