/** Where commands print. Only `cli.ts` makes one from the real standard streams. */
export interface Terminal {
  /** Results, on standard output. */
  print(text: string): void
  /** What is going on, on standard error. */
  progress(line: string): void
  /** One line about something wrong, on standard error. */
  complain(line: string): void
  colour: boolean
  columns: number
}
