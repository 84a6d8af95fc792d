import { readFile, stat } from 'node:fs/promises'
import { HarnessError, exitCodes } from '../../../../model/failure.ts'
import type { Target } from '../../../../model/target.ts'

const shape = /^[^\s@!=]+@[^\s@!=]+![^\s@!=]+=[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/

/** The API token that the target names, `USER@REALM!ID=UUID`. It never appears in an error. */
export async function readToken(target: Target, environment: NodeJS.ProcessEnv): Promise<string> {
  if (target.tokenFile !== undefined) return wellFormed(await fromFile(target.tokenFile), target.tokenFile)
  if (target.tokenEnv !== undefined) return wellFormed(environment[target.tokenEnv] ?? '', `$${target.tokenEnv}`)
  throw unavailable(
    'the target names no API token',
    'set tokenFile (one line USER@REALM!ID=UUID, mode 0600) or tokenEnv in the target file',
  )
}

async function fromFile(path: string): Promise<string> {
  const mode = await modeOf(path)
  if ((mode & 0o077) !== 0) {
    throw unavailable(
      `expected the token file ${path} to be readable by its owner only, came mode ${(mode & 0o777).toString(8).padStart(4, '0')}`,
      `chmod 600 ${path}`,
    )
  }
  return await readFile(path, 'utf8')
}

async function modeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).mode
  } catch (cause) {
    throw unavailable(
      `cannot read the token file ${path}`,
      'create it with one line USER@REALM!ID=UUID and mode 0600',
      cause,
    )
  }
}

function wellFormed(text: string, source: string): string {
  const token = text.trim()
  if (shape.test(token)) return token
  throw unavailable(
    `expected one line USER@REALM!ID=UUID in ${source}, came ${token === '' ? 'nothing' : 'something else'}`,
    'create a token with `pveum user token add USER@REALM ID` and copy its full id and value',
  )
}

const unavailable = (message: string, hint: string, cause?: unknown) =>
  new HarnessError(message, { exitCode: exitCodes.unavailable, hint, cause })
