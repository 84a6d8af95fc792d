import { readFile } from 'node:fs/promises'
import { HarnessError, exitCodes, reasonOf } from '../model/failure.ts'
import { targetSchema } from '../model/target.ts'
import type { Target } from '../model/target.ts'

/** Reads a target file. Every mistake in it is named; exit 64. */
export async function readTarget(file: string): Promise<Target> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new HarnessError(`expected a target file at ${file}, found none`, { exitCode: exitCodes.usage, cause })
  })
  const parsed = targetSchema.safeParse(parseJson(text, file))
  if (parsed.success) return parsed.data
  const mistakes = parsed.error.issues.map(({ path, message }) => `${file}: ${path.join('.') || 'file'}: ${message}`)
  throw new HarnessError(mistakes.join('\n'), {
    exitCode: exitCodes.usage,
    hint: 'the target file has mistakes; nothing was started',
  })
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new HarnessError(`expected JSON in ${file}: ${reasonOf(cause)}`, { exitCode: exitCodes.usage, cause })
  }
}
