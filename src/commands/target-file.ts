import { HarnessError, exitCodes, reasonOf } from '../model/failure.ts'
import { targetSchema } from '../model/target.ts'
import type { Target } from '../model/target.ts'
import { parseYaml } from '../plan/document.ts'
import { maxDocumentLength } from '../plan/document-limits.ts'
import type { PlacedMistake } from '../plan/mistake.ts'
import { formatMistake } from '../plan/mistake.ts'
import { schemaMistakes } from '../plan/schema-mistakes.ts'
import { readAtMost } from './bounded-file.ts'

/** Reads a target file. Every mistake in it is named with its place, keys given twice among them; exit 64. */
export async function readTarget(file: string): Promise<Target> {
  const text = await readAtMost(file, maxDocumentLength * 4 + 4).catch((cause: unknown) => {
    throw new HarnessError(`expected a target file at ${file}, found none`, { exitCode: exitCodes.usage, cause })
  })
  const { data, place } = documentOf(text, file)
  const parsed = targetSchema.safeParse(data)
  if (parsed.success) return parsed.data
  throw refused(schemaMistakes(targetSchema, data).map(place))
}

/** JSON is YAML as well, and read as such: so everything in it has a place, and its size is bounded. */
function documentOf(text: string, file: string) {
  const parsed = parseYaml(text, file)
  if ('mistakes' in parsed) throw refused(parsed.mistakes)
  try {
    JSON.parse(text)
  } catch (cause) {
    throw new HarnessError(`expected JSON in ${file}: ${reasonOf(cause)}`, { exitCode: exitCodes.usage, cause })
  }
  return parsed.document
}

function refused(mistakes: PlacedMistake[]): HarnessError {
  return new HarnessError(mistakes.map(formatMistake).join('\n'), {
    exitCode: exitCodes.usage,
    hint: 'the target file has mistakes; nothing was started',
  })
}
