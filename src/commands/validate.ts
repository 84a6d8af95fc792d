import { exitCodes } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import { parseYaml } from '../plan/document.ts'
import { loadLab, loadScenarios, readDocument, refusal } from './loading.ts'
import type { Terminal } from './terminal.ts'

/** `firedrill validate`: checks scenario and lab files, starts nothing. */
export async function validate(paths: string[], terminal: Terminal): Promise<ExitCode> {
  const sorted = await Promise.all(paths.map(async (path) => ({ path, lab: await isLab(path) })))
  const labs = sorted.flatMap(({ path, lab }) => (lab ? [path] : []))
  const scenarios = sorted.flatMap(({ path, lab }) => (lab ? [] : [path]))
  const mistakes = (await Promise.all(labs.map(loadLab))).flatMap((reading) =>
    'mistakes' in reading ? reading.mistakes : [],
  )
  if (mistakes.length > 0) throw refusal(mistakes)
  if (scenarios.length > 0) await loadScenarios(scenarios)
  for (const path of paths) terminal.print(`${path}: sound`)
  return exitCodes.pass
}

async function isLab(path: string): Promise<boolean> {
  const text = await readDocument(path).catch(() => '')
  const parsed = parseYaml(text, path)
  if ('mistakes' in parsed) return false
  const { data } = parsed.document
  return typeof data === 'object' && data !== null && 'machines' in data
}
