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
  /** A lab that could not be brought back; the trials go on upon another one. */
  lost(trials: readonly T[], reason: unknown): void
  /** A lab that could not be left in order. */
  unleft(group: readonly T[], reason: unknown): void
}

/**
 * Carries out groups of trials, each on one lab that is entered once, `atOnce` labs side by side; one that cannot be brought back is left, and another
 * one entered. Nothing that happens to one trial or lab stops the others, except that nothing more begins once the signal aborts. Every lab that was entered is left. Never throws.
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

/** A lab that cannot be brought back is left, and the trials that are still to come have another one. */
async function conductGroup<T>(group: readonly T[], tools: TrialTools<T>, signal: AbortSignal): Promise<void> {
  let open = group
  while (open.length > 0) open = await conductOnOneGround(open, tools, signal)
}

/** The trials that are still to come when their ground is lost; at least the first one is not among them. */
async function conductOnOneGround<T>(
  trials: readonly T[],
  tools: TrialTools<T>,
  signal: AbortSignal,
): Promise<readonly T[]> {
  const ground = await entered(trials, tools)
  if (ground === null) return []
  try {
    if (trials.length > 1) await ground.keep?.()
    for (const [index, trial] of trials.entries()) {
      const open = trials.slice(index)
      if (index > 0 && !(await isRestored(ground, open, tools, signal))) return open
      await conductTrial(ground, trial, tools, signal)
    }
  } catch (reason) {
    tools.missed(trials, reason)
  } finally {
    await ground.leave().catch((reason: unknown) => tools.unleft(trials, reason))
  }
  return []
}

async function entered<T>(group: readonly T[], { enter, missed }: TrialTools<T>): Promise<Ground<T> | null> {
  try {
    return await enter(group)
  } catch (reason) {
    missed(group, reason)
    return null
  }
}

/** Nothing is brought back, nor lost, once the signal aborts: each trial then says so itself. */
async function isRestored<T>(
  ground: Ground<T>,
  open: readonly T[],
  { lost }: TrialTools<T>,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    if (!signal.aborted) await ground.restore?.()
    return true
  } catch (reason) {
    if (!signal.aborted) lost(open, reason)
    return signal.aborted
  }
}

async function conductTrial<T>(
  ground: Ground<T>,
  trial: T,
  { missed }: TrialTools<T>,
  signal: AbortSignal,
): Promise<void> {
  try {
    signal.throwIfAborted()
    await ground.drill(trial)
  } catch (reason) {
    missed([trial], reason)
  }
}
