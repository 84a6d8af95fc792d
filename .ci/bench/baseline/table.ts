import type { Conclusion } from './conclusions.ts'

/** All trials of a fault. */
export interface FaultTrials {
  words: string
  trials: Conclusion[][]
}

export const tableHead = ['fault', 'who', 'outage, s', 'lost: said', 'lost: truly', 'concludes', 'against the wire']

/** A row for each fault and whoever measured it; what the trials have each is separated by `;`. */
export function rowsOf(faults: readonly FaultTrials[]): string[][] {
  return faults.flatMap(({ words, trials }) => {
    const whos = (trials[0] ?? []).map(({ who }) => who)
    return whos.map((who, index) => {
      const own = trials.flatMap((conclusions) => conclusions.find((one) => one.who === who) ?? [])
      return [index === 0 ? `${words} (${trials.length})` : '', who, ...cellsOf(own)]
    })
  })
}

function cellsOf(own: readonly Conclusion[]): string[] {
  return [
    own.map(({ outage }) => outage).join('; '),
    alike(own.map(({ lostSaid }) => lostSaid)),
    alike(own.map(({ lostTruly }) => lostTruly)),
    counted(own.map(({ words }) => words)),
    own[0]?.who === 'the wire' ? '' : judged(own),
  ]
}

function judged(own: readonly Conclusion[]): string {
  const [wrong, open] = [own.filter((one) => one.wrong.length > 0).length, own.filter(({ isOpen }) => isOpen).length]
  const parts = [
    ...(wrong === 0 ? [] : [`WRONG in ${wrong} of ${own.length}: ${counted(own.flatMap((one) => one.wrong))}`]),
    ...(open === 0 ? [] : [`does not know in ${open} of ${own.length}`]),
  ]
  return parts.length === 0 ? 'right' : parts.join('; ')
}

const alike = (values: readonly string[]): string =>
  new Set(values).size === 1 ? (values[0] ?? '') : values.join('; ')

/** `backup became master (3)` */
function counted(values: readonly string[]): string {
  const groups = Object.entries(Object.groupBy(values, (value) => value))
  if (groups.length === 1) return groups[0]?.[0] ?? ''
  return groups.map(([value, own = []]) => `${value} (${own.length})`).join('; ')
}

/** The page `docs/baseline.md`: the table, and how it is made. */
export const pageOf = (rows: readonly (readonly string[])[], madeOn: string): string =>
  [
    '# What others conclude from the same faults',
    `Made by \`npm run bench:baseline -- --markdown docs/baseline.md\` on ${madeOn}.`,
    "One fault at a time on the embedded lab `pfsense-dmz`, measured at the same moment by `failover_test.sh` of seeds/002 (its procedure, written anew in `.ci/bench/baseline/procedure.sh`), by `ping`, by `fping -o` and by the harness. **The wire** is the truth: captures of the client's and the provider's network cards, with a ping every 10 ms that nobody else counts. What trials have each is separated by `;`, in their order; `back` is what the heal of the fault did. _Lost: said_ is what they print, _truly_ what the capture shows of their own probes; the harness counts failover and failback apart, and that of the failover is given. The script asks the shared address only; the others ask a host outside, through the pair. Each flow has its own fate at the firewalls: a figure is wrong where it contradicts the dense ping and the packets of its own flow.",
    markdownOf(rows),
  ].join('\n\n')

function markdownOf(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [tableHead, tableHead.map(() => '-'), ...rows].map(line).join('\n')
}
