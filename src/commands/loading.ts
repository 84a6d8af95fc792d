import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { faultSchemas } from '../faults/index.ts'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'
import type { Plan } from '../model/plan.ts'
import { maxDocumentLength } from '../plan/document-limits.ts'
import { readLab } from '../plan/lab-file.ts'
import type { LabReading } from '../plan/lab-file.ts'
import { formatMistake } from '../plan/mistake.ts'
import type { PlacedMistake } from '../plan/mistake.ts'
import { unknownName } from '../plan/nearest.ts'
import { planDrill } from '../plan/plan.ts'
import { labOf, readScenario } from '../plan/scenario-file.ts'
import type { Kinds } from '../plan/scenario-file.ts'
import { probeSchemas, streamClasses } from '../probes/index.ts'
import { readAtMost } from './bounded-file.ts'
import { projectRoot } from './project.ts'

/** The faults and probes of this release, as scenario files may use them. */
export const kinds: Kinds = { faults: faultSchemas, probes: probeSchemas, streamClasses }

/** A scenario that has been found sound, with its lab and what a run of it would do. */
export interface LoadedScenario {
  file: string
  labFile: string
  sha256: string
  plan: Plan
}

/** Loads scenario files, and every `*.yaml` below the folders named, except below those called `refused` or `soak`. Refuses them together (exit 64) with all mistakes of all files. */
export async function loadScenarios(paths: string[]): Promise<LoadedScenario[]> {
  const files = (await Promise.all(paths.map(yamlFiles))).flat()
  if (files.length === 0)
    throw new HarnessError(`expected scenario files, found none in ${paths.join(', ')}`, { exitCode: exitCodes.usage })
  const loaded = await Promise.all(files.map(loadScenario))
  const mistakes = loaded.flatMap((one) => ('mistakes' in one ? one.mistakes : []))
  if (mistakes.length > 0) throw refusal(mistakes)
  return loaded.flatMap((one) => ('mistakes' in one ? [] : [one]))
}

async function loadScenario(file: string): Promise<LoadedScenario | { mistakes: PlacedMistake[] }> {
  const text = await readDocument(file)
  const name = labOf(text, file)
  const labFile = name === null ? null : await findLab(name, file)
  const lab = labFile === null ? null : await loadLab(labFile)
  const usable = lab !== null && 'lab' in lab ? lab.lab : null
  const reading = readScenario(text, file, kinds, usable)
  const mistakes = [
    ...('mistakes' in reading ? reading.mistakes : []),
    ...(lab !== null && 'mistakes' in lab ? lab.mistakes : []),
    ...(name !== null && labFile === null ? [await missingLab(text, file, name)] : []),
  ]
  if (mistakes.length > 0 || 'mistakes' in reading || usable === null || labFile === null) return { mistakes }
  const sha256 = createHash('sha256').update(text).digest('hex')
  return { file: relative(process.cwd(), file) || file, labFile, sha256, plan: planDrill(reading.scenario, usable) }
}

/** Parses a lab file; for `validate`, and for scenarios. */
export async function loadLab(file: string): Promise<LabReading> {
  return readLab(await readDocument(file), file)
}

/** The file of a lab: the path of a YAML file, relative to the scenario, or the name of one that comes with firedrill; null when there is none. */
async function findLab(name: string, scenarioFile: string): Promise<string | null> {
  const isPath = /\.ya?ml$/.test(name)
  if (!isPath && /[/\\]/.test(name)) return null
  const file = isPath ? resolve(dirname(scenarioFile), name) : join(projectRoot, 'lab', 'topologies', `${name}.yaml`)
  return (await stat(file).catch(() => null))?.isFile() === true ? file : null
}

/** A sound lab file, by name or path; refused with all its mistakes otherwise. */
export async function chooseLab(given: string): Promise<{ lab: Lab; labFile: string }> {
  const labFile = await findLab(given, join(process.cwd(), 'scenario.yaml'))
  if (labFile === null) {
    throw new HarnessError(unknownName('a lab that exists', given, await labNames()), { exitCode: exitCodes.usage })
  }
  const reading = await loadLab(labFile)
  if ('mistakes' in reading) throw refusal(reading.mistakes)
  return { lab: reading.lab, labFile }
}

async function labNames(): Promise<string[]> {
  const entries = await readdir(join(projectRoot, 'lab', 'topologies'))
  return entries.filter((entry) => entry.endsWith('.yaml')).map((entry) => entry.replace(/\.yaml$/, ''))
}

async function missingLab(text: string, file: string, name: string): Promise<PlacedMistake> {
  const line = text.split('\n').findIndex((content) => content.startsWith('lab:')) + 1
  return { file, line: Math.max(line, 1), column: 6, message: unknownName('a lab that exists', name, await labNames()) }
}

/** One error for all mistakes, one line each. */
export function refusal(mistakes: PlacedMistake[]): HarnessError {
  return new HarnessError(mistakes.map(formatMistake).join('\n'), {
    exitCode: exitCodes.usage,
    hint: `${mistakes.length === 1 ? 'one mistake' : `${mistakes.length} mistakes`}; nothing was started`,
  })
}

/** What is kept to show that it is refused is part of no pack, and what takes half an hour is run by its own name. */
const leftOut = new Set(['refused', 'soak'])

async function yamlFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null)
  if (found === null)
    throw new HarnessError(`expected a scenario file or folder at ${path}, found nothing`, {
      exitCode: exitCodes.usage,
    })
  if (!found.isDirectory()) return [resolve(path)]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => resolve(entry.parentPath, entry.name))
    .filter(
      (file) =>
        !relative(resolve(path), dirname(file))
          .split(sep)
          .some((folder) => leftOut.has(folder)),
    )
    .toSorted()
}

/** The text of a scenario, lab or secrets file; of one that is too long, as much as it takes to be refused for it. */
export async function readDocument(file: string): Promise<string> {
  return readAtMost(file, maxDocumentLength * 4 + 4).catch((cause: unknown) => {
    throw new HarnessError(`expected a readable file at ${file}`, { exitCode: exitCodes.usage, cause })
  })
}
