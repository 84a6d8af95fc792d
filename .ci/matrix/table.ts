import type { Trial } from './trial.ts'

/** One line per fault of a lab: how many trials went as they should, time from command to effect (median, maximum), and what was said. */
export function tableOf(lab: string, trials: readonly Trial[]): string {
  const groups = Object.entries(Object.groupBy(trials, ({ kind, params }) => `${kind} ${said(params)}`))
  const rows = groups.map(([name, own = []]) => {
    const good = own.filter(({ outcome }) => outcome === 'as it should be').length
    const unknown = own.filter(({ outcome }) => outcome === 'unknown').length
    const times = own.flatMap(({ effectMs }) => (effectMs === null ? [] : [effectMs])).toSorted((a, b) => a - b)
    const median = times[Math.floor((times.length - 1) / 2)]
    return `| ${name} | ${good}/${own.length}${unknown > 0 ? `, ${unknown} unknown` : ''} | ${ms(median)} | ${ms(times.at(-1))} |`
  })
  return [
    `${lab}:`,
    '| fault | as it should be | to effect, median ms | maximum ms |',
    '| - | - | - | - |',
    ...rows,
  ].join('\n')
}

const ms = (value: number | undefined): string => (value === undefined ? '-' : String(Math.round(value)))

const said = (params: Readonly<Record<string, unknown>>): string =>
  Object.entries(params)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(' ')
