/** Text on one line that cannot be taken for markup of a table or of HTML. */
export const cell = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\|_*]/g, '\\$&')
    .replaceAll('<', '&lt;')

/** A table; its cells are any text. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [head, head.map(() => '-'), ...rows].map(line).join('\n')
}
