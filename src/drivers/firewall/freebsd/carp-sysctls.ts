import { HarnessError, exitCodes } from '../../../model/failure.ts'

/** What `sysctl net.inet.carp` says of the whole node. */
export interface CarpSysctls {
  allow: boolean
  preempt: boolean
  demotion: number
}

/** Parses `name: value` lines; each of the three must be there, once, as a whole number. */
export function parseCarpSysctls(text: string): CarpSysctls {
  return {
    allow: valueOf(text, 'allow') !== 0,
    preempt: valueOf(text, 'preempt') !== 0,
    demotion: valueOf(text, 'demotion'),
  }
}

function valueOf(text: string, name: string): number {
  const values = text
    .split('\n')
    .filter((line) => line.startsWith(`net.inet.carp.${name}:`))
    .map((line) => line.slice(line.indexOf(':') + 1).trim())
  const [value] = values
  if (values.length === 1 && value !== undefined && /^-?\d{1,9}$/.test(value)) return Number(value)
  throw new HarnessError(
    `expected "net.inet.carp.${name}: <number>", came ${values.map((came) => `"${came}"`).join(', ') || 'nothing'}`,
    {
      exitCode: exitCodes.unavailable,
    },
  )
}
