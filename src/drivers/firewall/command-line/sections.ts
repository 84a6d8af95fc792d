import { refusal } from '../refusal.ts'

const mark = (name: string) => `firedrill: ${name}`

/** One script for several commands, whose outputs come apart again in `splitSections`. A command that fails leaves its part empty. */
export function renderSections(commands: Readonly<Record<string, string>>): string {
  const parts = Object.entries(commands).map(([name, command]) => `echo "${mark(name)}"; ${command}`)
  return [...parts, `echo "${mark('end')}"`].join('; ')
}

/** The output of each command, by its name. Output that lacks a part, or its end, is an error, so that half an answer never looks healthy. */
export function splitSections<Name extends string>(names: readonly Name[], output: string): (name: Name) => string {
  const lines = output.split('\n')
  const marks = [...names, 'end'].map(mark)
  const starts = marks.map((text) => lines.indexOf(text))
  const isWhole = marks.every((text, index) => starts[index] === lines.lastIndexOf(text) && isAfter(starts, index))
  if (!isWhole || starts[0] !== 0)
    throw refusal(
      'not-understood',
      `expected ${names.join(', ')} in full, came ${output.length} characters that are not`,
    )
  return (name) => {
    const index = names.indexOf(name)
    return lines.slice((starts[index] ?? 0) + 1, starts[index + 1]).join('\n')
  }
}

const isAfter = (starts: readonly number[], index: number) => (starts[index] ?? -1) > (starts[index - 1] ?? -1)
