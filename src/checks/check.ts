import type { Analysis } from '../analysis/analyse.ts'
import { reasonOf } from '../model/failure.ts'
import type { Finding } from '../model/result.ts'
import type { Verdict } from '../model/verdict.ts'

/** What a check says about the drill, or about one part of it. The message is complete by itself. */
export interface Judgement {
  /** A step or stream, where the check judges each by itself. */
  about?: string
  verdict: Verdict
  message: string
}

/** Something that holds in every drill, whatever the scenario expects. */
export interface Check {
  readonly id: string
  readonly title: string
  readonly because: string
  /** Judges what the recording says; no data is never pass. */
  judge(analysis: Analysis): Judgement[]
}

/** The findings of one check. A check that crashes, or has nothing to say, is an unknown finding; nothing is thrown. */
export function findingsOf(check: Check, analysis: Analysis): Finding[] {
  const judgements = judgeSafely(check, analysis)
  const said: Judgement[] = judgements.length > 0 ? judgements : [unknown('there was nothing to judge')]
  return said.map(({ about, verdict, message }) => ({
    id: ['invariant', check.id, ...(about === undefined ? [] : [about])].join('.'),
    kind: 'invariant',
    level: 'fail',
    verdict,
    title: about === undefined ? check.title : `${check.title}: ${about}`,
    message: `${about ?? check.title}: ${message}`,
    because: check.because,
  }))
}

export const pass = (message: string, about?: string): Judgement => ({ ...named(about), verdict: 'pass', message })
export const fail = (message: string, about?: string): Judgement => ({ ...named(about), verdict: 'fail', message })
export const unknown = (message: string, about?: string): Judgement => ({
  ...named(about),
  verdict: 'unknown',
  message,
})

const named = (about: string | undefined) => (about === undefined ? {} : { about })

function judgeSafely(check: Check, analysis: Analysis): Judgement[] {
  try {
    return check.judge(analysis)
  } catch (thrown) {
    return [unknown(`the check itself crashed: ${reasonOf(thrown)}`)]
  }
}
