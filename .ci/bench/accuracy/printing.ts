/** Prints a table: columns as wide as their widest cell, the first one to the left. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    widths.map((width, column) => pad(cells[column] ?? '', width, column === 0)).join('   ')
  for (const row of [head, ...rows]) say(line(row).trimEnd())
}

let missed = 0

/** Prints whether a goal is reached. */
export function judge(goal: string, isReached: boolean, figures: string): void {
  say(`${isReached ? 'reached ' : 'MISSED  '} ${goal}: ${figures}`)
  if (!isReached) missed += 1
}

/** Of all goals judged so far. */
export const isAnyMissed = (): boolean => missed > 0

/** Prints one line. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** A share of 1 as a percentage. */
export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`

const pad = (text: string, width: number, isLeft: boolean) => (isLeft ? text.padEnd(width) : text.padStart(width))
