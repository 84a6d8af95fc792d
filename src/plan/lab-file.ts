import { labSchema } from '../model/lab.ts'
import type { Lab } from '../model/lab.ts'
import { maxMistakes, parseYaml } from './document.ts'
import { labReferences } from './lab-references.ts'
import type { PlacedMistake } from './mistake.ts'
import { schemaMistakes } from './schema-mistakes.ts'

export type LabReading = { lab: Lab } | { mistakes: PlacedMistake[] }

/** Parses a lab file and checks that every name in it refers to something. All mistakes at once. */
export function readLab(text: string, file: string): LabReading {
  const parsed = parseYaml(text, file)
  if ('mistakes' in parsed) return parsed
  const { data, place } = parsed.document
  const lab = labSchema.safeParse(data)
  const mistakes = lab.success ? labReferences(lab.data) : schemaMistakes(labSchema, data)
  return lab.success && mistakes.length === 0
    ? { lab: lab.data }
    : { mistakes: mistakes.slice(0, maxMistakes).map(place) }
}

/** The two firewalls, the one meant to be master first. */
export const pairOf = (lab: Lab): [string, string] => [lab.pair.primary, lab.pair.secondary]
