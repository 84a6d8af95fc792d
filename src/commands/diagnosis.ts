import { styleText } from 'node:util'
import { reasonOf, HarnessError } from '../model/failure.ts'

/** One thing that was looked at. `unknown`: it could not be seen from here, and `advice` says how to see it. */
export interface Diagnosis {
  what: string
  state: 'pass' | 'fail' | 'unknown'
  detail: string
  advice?: string
}

/** Looks at one thing; whatever is thrown is a failure with its hint as the advice. */
export async function diagnose(what: string, look: () => Promise<string>): Promise<Diagnosis> {
  try {
    return { what, state: 'pass', detail: await look() }
  } catch (error) {
    const advice = error instanceof HarnessError ? error.hint : undefined
    return { what, state: 'fail', detail: reasonOf(error), ...(advice === undefined ? {} : { advice }) }
  }
}

const styles = { pass: 'green', fail: 'red', unknown: 'yellow' } as const

/** `pass     machine: root on Linux`, with what to do on a line of its own. */
export function diagnosisText({ what, state, detail, advice }: Diagnosis, colour: boolean): string {
  const word = state.padEnd(7)
  const mark = colour ? styleText(styles[state], word) : word
  return `${mark}  ${what}: ${detail}${advice === undefined ? '' : `\n           ${advice}`}`
}
