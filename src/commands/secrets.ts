import { randomBytes } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { z } from 'zod'
import { HarnessError, exitCodes } from '../model/failure.ts'
import { parseYaml } from '../plan/document.ts'
import { secretVariable } from '../plan/provisioning/mistakes.ts'
import { readDocument } from './loading.ts'

const fileSchema = z.record(z.string(), z.string().min(1))

/**
 * Values for the secrets named: from FIREDRILL_SECRET_<NAME>, else from the file of --secrets (a YAML map, mode 0600). Names without a
 * value are left out, and refused with everything else that is wrong with the lab. No value ever enters an error.
 */
export async function readSecrets(
  names: readonly string[],
  file: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<Record<string, string>> {
  const fromFile = file === undefined ? {} : await readSecretsFile(file)
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[secretVariable(name)] ?? (Object.hasOwn(fromFile, name) ? fromFile[name] : undefined)
      return value === undefined || value === '' ? [] : [[name, value]]
    }),
  )
}

/** Secrets for a lab that nobody else ever sees: random, and new for each. */
export const randomSecrets = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, randomBytes(16).toString('hex')]))

async function readSecretsFile(file: string): Promise<Record<string, string>> {
  const found = await stat(file).catch((cause: unknown) => {
    throw refusal(`expected a secrets file at ${file}, found none`, 'a YAML map of names to values, mode 0600', cause)
  })
  if ((found.mode & 0o077) !== 0) {
    const mode = (found.mode & 0o777).toString(8).padStart(4, '0')
    throw refusal(`expected ${file} to be readable by its owner only, got mode ${mode}`, `chmod 600 ${file}`)
  }
  const parsed = parseYaml(await readDocument(file), file)
  const map = 'mistakes' in parsed ? null : fileSchema.safeParse(parsed.document.data)
  if (map?.success === true) return map.data
  throw refusal(`expected a YAML map of names to texts in ${file}`, 'like  carp: "a long random text"')
}

function refusal(message: string, hint: string, cause?: unknown): HarnessError {
  return new HarnessError(message, { exitCode: exitCodes.usage, hint, cause })
}
