import type { Silence } from './session-history.ts'
import { echoWithinMs, judgedAtMs } from './session-trial.ts'
import type { SessionTrial } from './session-trial.ts'
import type { ObservedStep } from './steps.ts'

/** What one session did in one step: just what its verdict and its measures need. */
export interface SessionCourse {
  trial: SessionTrial
  /** The pause between two messages, ms. */
  everyMs: number
  /** Whether a message had been waiting too long for its echo when the fault came, and when the session was judged. */
  wasOverdue: boolean
  isOverdue: boolean
  /** When the last message was sent that had come back when it was judged. */
  provenMs: number
  /** The longest silence that ended and lay, in part at least, between the fault and the judgement, ms. */
  silentMs: number
  /** The longest silence that began in the step. */
  silence: Silence | null
  /** When the first echo after the recovery came, Infinity where one was waited for in vain; the recovery itself where it was not silent then. */
  resumedMs: number
}

/** Folds the messages and echoes of one session, each oldest first, into its course in one step. */
export class CourseFold {
  readonly #trial: SessionTrial
  readonly #everyMs: number
  readonly #atMs: { fault: number; end: number; recovery: number }
  readonly #owed = { fault: 0, end: 0, recovery: 0 }
  #provenMs = -Infinity
  #silentMs = 0
  #silence: Silence | null = null
  #resumedMs = Infinity

  constructor(trial: SessionTrial, everyMs: number) {
    this.#trial = trial
    this.#everyMs = everyMs
    this.#atMs = { fault: trial.fault.fromMs, end: judgedAtMs(trial), recovery: trial.recoveredMs ?? Infinity }
  }

  noteSent(sentMs: number): void {
    const [at, owed] = [this.#atMs, this.#owed]
    if (sentMs <= at.fault - echoWithinMs) owed.fault += 1
    if (sentMs <= at.end - echoWithinMs) owed.end += 1
    if (sentMs <= at.recovery) owed.recovery += 1
  }

  /** `silence`: from the sign of life before to this echo. */
  noteEchoed(sentMs: number, atMs: number, silence: { fromMs: number; toMs: number } | null): void {
    const [at, owed] = [this.#atMs, this.#owed]
    if (atMs <= at.fault) owed.fault -= 1
    if (atMs <= at.recovery) owed.recovery -= 1
    else if (this.#resumedMs === Infinity) this.#resumedMs = this.#isPause(silence) ? at.recovery : atMs
    if (atMs <= at.end) {
      owed.end -= 1
      this.#provenMs = sentMs
    }
    if (silence !== null) this.#noteSilence(silence)
  }

  /** Whether it is no longer than what lies between two messages anyway. */
  #isPause(silence: { fromMs: number; toMs: number } | null): boolean {
    return silence !== null && silence.toMs - silence.fromMs <= 2 * this.#everyMs
  }

  /** `last`: the silence that never ended. */
  end(last: Silence | null): SessionCourse {
    if (last !== null && beginsIn(last, this.#trial.step, this.#everyMs)) this.#silence = last
    return {
      trial: this.#trial,
      everyMs: this.#everyMs,
      wasOverdue: this.#owed.fault > 0,
      isOverdue: this.#owed.end > 0,
      provenMs: this.#provenMs,
      silentMs: this.#silentMs,
      silence: this.#silence,
      resumedMs: this.#owed.recovery > 0 ? this.#resumedMs : this.#atMs.recovery,
    }
  }

  #noteSilence(silence: { fromMs: number; toMs: number }): void {
    const lengthMs = silence.toMs - silence.fromMs
    if (silence.toMs >= this.#atMs.fault && silence.fromMs <= this.#atMs.end)
      this.#silentMs = Math.max(this.#silentMs, lengthMs)
    if (!beginsIn(silence, this.#trial.step, this.#everyMs)) return
    const { fromMs = 0, toMs = null } = this.#silence ?? {}
    if (lengthMs > (toMs ?? 0) - fromMs || this.#silence === null) this.#silence = silence
  }
}

function beginsIn({ fromMs, toMs }: Silence, step: ObservedStep, everyMs: number): boolean {
  const dueMs = Math.min(fromMs + everyMs, toMs ?? Infinity)
  return dueMs >= step.startMs && dueMs < step.observedUntilMs
}
