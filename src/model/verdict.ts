/** What a run or a single finding amounts to. Unknown is never green. */
export const verdicts = ['fail', 'unknown', 'pass'] as const
export type Verdict = (typeof verdicts)[number]

/** The worst of several verdicts, fail before unknown before pass; nothing judged is unknown. */
export const worstOf = (given: readonly Verdict[]): Verdict =>
  verdicts.find((verdict) => given.includes(verdict)) ?? 'unknown'
