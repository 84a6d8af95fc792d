import { labSchema } from '../model/lab.ts'
import type { Lab } from '../model/lab.ts'
import { parseYaml } from './document.ts'
import type { Mistake, PlacedMistake } from './mistake.ts'
import { unknownName } from './nearest.ts'
import { schemaMistakes } from './schema-mistakes.ts'

export type LabReading = { lab: Lab } | { mistakes: PlacedMistake[] }

/** Parses a lab file and checks that every name in it refers to something. All mistakes at once. */
export function readLab(text: string, file: string): LabReading {
  const parsed = parseYaml(text, file)
  if ('mistakes' in parsed) return parsed
  const { data, place } = parsed.document
  const lab = labSchema.safeParse(data)
  const mistakes = lab.success ? labReferences(lab.data) : schemaMistakes(labSchema, data)
  return lab.success && mistakes.length === 0 ? { lab: lab.data } : { mistakes: mistakes.map(place) }
}

function labReferences(lab: Lab): Mistake[] {
  const networks = Object.keys(lab.networks)
  const machines = Object.keys(lab.machines)
  const named = (
    what: string,
    given: string,
    valid: string[],
    path: (string | number)[],
    at: Mistake['at'] = 'value',
  ) => (valid.includes(given) ? [] : [{ path, at, message: unknownName(what, given, valid) }])
  const nics = Object.entries(lab.machines).flatMap(([name, machine]) =>
    Object.keys(machine.nics).flatMap((nic) =>
      named('a network of this lab', nic, networks, ['machines', name, 'nics', nic], 'key'),
    ),
  )
  const vips = lab.pair.vips.flatMap((vip, index) => [
    ...named('a network of this lab', vip.network, networks, ['pair', 'vips', index, 'network']),
    ...Object.keys(vip.skew).flatMap((name) =>
      named('a firewall of the pair', name, pairOf(lab), ['pair', 'vips', index, 'skew', name], 'key'),
    ),
  ])
  const pair = [
    ...named('a machine of this lab', lab.pair.primary, machines, ['pair', 'primary']),
    ...named('a machine of this lab', lab.pair.secondary, machines, ['pair', 'secondary']),
  ]
  const sync = lab.pair.stateSync
  return [
    ...nics,
    ...pair,
    ...vips,
    ...(sync ? named('a network of this lab', sync.network, networks, ['pair', 'stateSync', 'network']) : []),
  ]
}

/** The two firewalls, the one meant to be master first. */
export const pairOf = (lab: Lab): [string, string] => [lab.pair.primary, lab.pair.secondary]
