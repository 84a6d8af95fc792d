/** A lab on which trials follow one another. */
export interface Ground<T> {
  /** One trial from its first to its last fact. */
  drill(trial: T): Promise<void>
  /** Keeps the state in which every trial is to begin. Absent with `restore` where the machines are not ours to bring back. */
  keep?(): Promise<void>
  /** Brings the lab back to that state, however the trial before ended. */
  restore?(): Promise<void>
  leave(): Promise<void>
}

/** Where trials take place, and who is told of those that did not. */
export interface TrialTools<T> {
  enter(group: readonly T[]): Promise<Ground<T>>
  /** Trials that did not take place, or were not brought to their end, for one reason. */
  missed(trials: readonly T[], reason: unknown): void
  /** A lab that could not be left in order. */
  unleft(group: readonly T[], reason: unknown): void
}

/**
 * Carries out groups of trials, each on one lab that is entered once, `atOnce` labs side by side. Nothing that happens to one trial or lab
 * stops the others, except that nothing more begins once the signal aborts. Every lab that was entered is left. Never throws.
 */
export async function conductTrials<T>(
  groups: readonly (readonly T[])[],
  tools: TrialTools<T>,
  atOnce: number,
  signal: AbortSignal,
): Promise<void> {
  const waiting = groups.values()
  const lane = async () => {
    for (const group of waiting) {
      if (signal.aborted) tools.missed(group, signal.reason)
      else await conductGroup(group, tools, signal)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}

async function conductGroup<T>(group: readonly T[], tools: TrialTools<T>, signal: AbortSignal): Promise<void> {
  const ground = await entered(group, tools)
  if (ground === null) return
  try {
    if (group.length > 1) await ground.keep?.()
    for (const [index, trial] of group.entries()) await conductTrial(ground, trial, index > 0, tools, signal)
  } catch (reason) {
    tools.missed(group, reason)
  } finally {
    await ground.leave().catch((reason: unknown) => tools.unleft(group, reason))
  }
}

async function entered<T>(group: readonly T[], { enter, missed }: TrialTools<T>): Promise<Ground<T> | null> {
  try {
    return await enter(group)
  } catch (reason) {
    missed(group, reason)
    return null
  }
}

async function conductTrial<T>(
  ground: Ground<T>,
  trial: T,
  isLater: boolean,
  { missed }: TrialTools<T>,
  signal: AbortSignal,
): Promise<void> {
  try {
    signal.throwIfAborted()
    if (isLater) await ground.restore?.()
    signal.throwIfAborted()
    await ground.drill(trial)
  } catch (reason) {
    missed([trial], reason)
  }
}
