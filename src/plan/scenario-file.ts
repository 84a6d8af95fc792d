import { destinationsOf } from '../model/destination.ts'
import type { Lab } from '../model/lab.ts'
import type { StreamClass } from '../model/metric.ts'
import { scenarioSchema } from '../model/scenario.ts'
import type { KindSchemas, Scenario } from '../model/scenario.ts'
import { unattainable } from './attainable.ts'
import { maxMistakes, parseYaml } from './document.ts'
import type { PlacedMistake } from './mistake.ts'
import { referenceMistakes } from './references.ts'
import { schemaMistakes } from './schema-mistakes.ts'

/** The faults and probes that exist, as their registries declare them. */
export interface Kinds {
  faults: KindSchemas
  probes: KindSchemas
  streamClasses: Readonly<Record<string, StreamClass>>
}

export type ScenarioReading = { scenario: Scenario } | { mistakes: PlacedMistake[] }

/** The name or path of the lab that a scenario asks for, before anything else of it is judged. */
export function labOf(text: string, file: string): string | null {
  const parsed = parseYaml(text, file)
  if ('mistakes' in parsed) return null
  const { data } = parsed.document
  const lab: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'lab') : null
  return typeof lab === 'string' ? lab : null
}

/** Parses a scenario against its lab (null where that could not be read). All mistakes at once, each with its place. */
export function readScenario(text: string, file: string, kinds: Kinds, lab: Lab | null): ScenarioReading {
  const parsed = parseYaml(text, file)
  if ('mistakes' in parsed) return parsed
  const { data, place } = parsed.document
  const schema = scenarioSchema(kinds.faults, kinds.probes)
  const known = {
    machines: lab ? Object.keys(lab.machines) : null,
    networks: lab ? Object.keys(lab.networks) : null,
    vhids: lab ? lab.pair.vips.map(({ vhid }) => vhid) : null,
    destinations: lab ? { 4: Object.keys(destinationsOf(lab, 4)), 6: Object.keys(destinationsOf(lab, 6)) } : null,
    streamClasses: streamClassesOf(data, kinds),
  }
  const wrong = [...schemaMistakes(schema, data), ...referenceMistakes(data, known)]
  const scenario = schema.safeParse(data)
  const mistakes = [...wrong, ...(scenario.success && lab !== null ? unattainable(scenario.data, lab) : [])]
  return scenario.success && mistakes.length === 0
    ? { scenario: scenario.data }
    : { mistakes: inOrder(mistakes.slice(0, maxMistakes).map(place)) }
}

function streamClassesOf(data: unknown, kinds: Kinds): Record<string, StreamClass> {
  const probes: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'probes') : null
  if (typeof probes !== 'object' || probes === null) return {}
  return Object.fromEntries(
    Object.entries(probes).flatMap(([name, use]: [string, unknown]) => {
      const kind = typeof use === 'object' && use !== null ? Object.keys(use)[0] : undefined
      const streamClass =
        kind !== undefined && Object.hasOwn(kinds.streamClasses, kind) ? kinds.streamClasses[kind] : undefined
      return streamClass === undefined ? [] : [[name, streamClass]]
    }),
  )
}

function inOrder(mistakes: PlacedMistake[]): PlacedMistake[] {
  return mistakes.toSorted((a, b) => a.line - b.line || a.column - b.column)
}
