import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'

/** What a bench is asked for on its command line. */
export interface Options {
  cuts: number
  seed: number
  only: string[]
  /** The probe kind that is measured. */
  kind: string
  /** How long a tool is watched at each interval, in each round. */
  seconds: number
}

/** `-- --cuts N --seed S --only g1,g2 --kind udp`; without a seed, one that is printed. */
export function optionsFrom(args: string[], parts: readonly string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      cuts: { type: 'string', default: '200' },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      only: { type: 'string', default: parts.join(',') },
      seconds: { type: 'string', default: '10' },
      kind: { type: 'string', default: 'udp' },
    },
  })
  if (!(Number(values.seconds) >= 3)) throw new Error(`expected --seconds of 3 or more, got ${values.seconds}`)
  const only = values.only.split(',')
  const unknown = only.filter((part) => !parts.includes(part))
  if (unknown.length > 0) throw new Error(`expected --only with some of ${parts.join(',')}, got ${unknown.join(',')}`)
  return {
    cuts: Number(values.cuts),
    seed: Number(values.seed),
    only,
    kind: values.kind,
    seconds: Number(values.seconds),
  }
}
