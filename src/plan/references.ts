import type { Family } from '../model/destination.ts'
import type { StreamClass } from '../model/metric.ts'
import { readReference, roles } from '../model/name.ts'
import { judgementMistakes, pair } from './judgement-references.ts'
import type { DocumentPath, Mistake } from './mistake.ts'
import { unknownName } from './nearest.ts'
import { entries, get, list } from './raw-data.ts'

/** What a scenario may refer to. `machines` and `networks` are null when its lab could not be read: such names are then not judged. */
export interface Known {
  machines: readonly string[] | null
  networks: readonly string[] | null
  vhids?: readonly number[] | null
  /** Where probes may go, by IPv4 and by IPv6; absent where only machines are known. */
  destinations?: Readonly<Record<Family, readonly string[]>> | null
  streamClasses: Readonly<Record<string, StreamClass>>
}

/**
 * Names in a raw scenario that refer to nothing: machines, streams, steps, metrics. Works on unparsed data, so that these
 * mistakes are reported together with those of the schema.
 */
export function referenceMistakes(data: unknown, known: Known): Mistake[] {
  return [
    ...probeMistakes(data, known),
    ...stepMistakes(data, known),
    ...stopMistakes(data),
    ...judgementMistakes(data, known),
  ]
}

function probeMistakes(data: unknown, known: Known): Mistake[] {
  return entries(get(data, 'probes')).flatMap(([name, use]) => [
    ...(name === pair ? [{ path: ['probes', name], at: 'key' as const, message: takenName }] : []),
    ...entries(use).flatMap(([kind, params]) => [
      ...machineMistake(get(params, 'from'), ['probes', name, kind, 'from'], known, []),
      ...destinationMistake(params, ['probes', name, kind, 'to'], known),
    ]),
  ])
}

function destinationMistake(params: unknown, path: DocumentPath, known: Known): Mistake[] {
  const given = get(params, 'to')
  const family: Family = get(params, 'family') === 6 ? 6 : 4
  const valid = known.destinations?.[family] ?? known.machines
  if (typeof given !== 'string' || valid === null || valid.includes(given)) return []
  return [
    { path, at: 'value', message: unknownName(`a destination of the lab with an IPv${family} address`, given, valid) },
  ]
}

const takenName = 'expected another name for a probe: pair is what all of them together are called'

function stepMistakes(data: unknown, known: Known): Mistake[] {
  const steps = list(get(data, 'steps'))
  return steps.flatMap((step, index) => [
    ...healMistake(steps.slice(0, index), get(step, 'heal'), ['steps', index, 'heal']),
    ...duplicateMistake(steps.slice(0, index), get(step, 'name'), ['steps', index, 'name']),
    ...silenceMistakes(get(step, 'silences'), ['steps', index, 'silences'], known),
    ...entries(get(step, 'fault')).flatMap(([kind, params]) =>
      aimMistakes(params, ['steps', index, 'fault', kind], known),
    ),
    ...list(get(step, 'also')).flatMap((also, number) =>
      entries(get(also, 'fault')).flatMap(([kind, params]) =>
        aimMistakes(params, ['steps', index, 'also', number, 'fault', kind], known),
      ),
    ),
  ])
}

/** A step that waits for no packets at all would end before anything was seen. */
function silenceMistakes(given: unknown, path: DocumentPath, { streamClasses }: Known): Mistake[] {
  if (!Array.isArray(given)) return []
  const packets = Object.keys(streamClasses).filter((name) => streamClasses[name] === 'packets')
  const isAll = packets.length > 0 && packets.every((name) => given.includes(name))
  const message = 'expected a probe of packets that is not silenced, so that there is something to wait for'
  return [
    ...several(given, path).flatMap((one) =>
      oneOf('a probe of packets of this scenario', one.given, packets, one.path),
    ),
    ...(isAll ? [{ path, at: 'value' as const, message }] : []),
  ]
}

function aimMistakes(params: unknown, path: DocumentPath, known: Known): Mistake[] {
  const machines = ['on', 'from', 'to'].flatMap((key) =>
    several(get(params, key), [...path, key]).flatMap((one) => aimMistake(one.given, one.path, known)),
  )
  const networks = several(get(params, 'network'), [...path, 'network'])
  return [...machines, ...networks.flatMap((one) => networkMistake(one.given, one.path, known))]
}

/** A machine, a role, a role of one VHID that the lab has, `both`, or the node of any of these. */
function aimMistake(given: unknown, path: DocumentPath, known: Known): Mistake[] {
  if (typeof given !== 'string') return []
  const { of } = readReference(given)
  if (of === 'both') return []
  if ('machine' in of) return machineMistake(of.machine, path, known, [...roles, 'both'])
  const { vhids } = known
  if (of.vhid === null || vhids === null || vhids === undefined || vhids.includes(of.vhid)) return []
  const message = `expected one of the VHIDs ${vhids.join(', ')} of the lab, got ${of.vhid}`
  return [{ path, at: 'value', message }]
}

/** One value, or each of a list, with its place. */
const several = (given: unknown, path: DocumentPath): { given: unknown; path: DocumentPath }[] =>
  Array.isArray(given)
    ? given.map((each: unknown, index) => ({ given: each, path: [...path, index] }))
    : [{ given, path }]

function networkMistake(given: unknown, path: DocumentPath, { networks }: Known): Mistake[] {
  return networks === null ? [] : oneOf('a network of the lab', given, networks, path)
}

function oneOf(what: string, given: unknown, valid: readonly string[], path: DocumentPath): Mistake[] {
  if (typeof given !== 'string' || valid.includes(given)) return []
  return [{ path, at: 'value', message: unknownName(what, given, valid) }]
}

function machineMistake(given: unknown, path: DocumentPath, known: Known, alsoValid: readonly string[]): Mistake[] {
  return known.machines === null ? [] : oneOf('a machine of the lab', given, [...known.machines, ...alsoValid], path)
}

function healMistake(earlier: unknown[], given: unknown, path: DocumentPath): Mistake[] {
  const valid = earlier.filter((step) => get(step, 'fault') !== undefined).map((step) => String(get(step, 'name')))
  return oneOf('an earlier step with a fault', given, valid, path)
}

function duplicateMistake(earlier: unknown[], given: unknown, path: DocumentPath): Mistake[] {
  const taken = typeof given === 'string' && earlier.some((step) => get(step, 'name') === given)
  return taken ? [{ path, at: 'value', message: `expected a step name used once, got "${given}" again` }] : []
}

function stopMistakes(data: unknown): Mistake[] {
  const probes = entries(get(data, 'probes')).map(([name]) => name)
  const named = list(get(data, 'stop')).map((stop, index) => ({
    given: get(stop, 'probe'),
    path: ['stop', index, 'probe'],
  }))
  return named.flatMap(({ given, path }) => oneOf('a probe of this scenario', given, probes, path))
}
