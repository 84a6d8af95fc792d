import { readFile, stat } from 'node:fs/promises'
import { HarnessError, exitCodes, reasonOf } from '../../../model/failure.ts'

/** Who we are for a firewall: an API key of OPNsense, a user of the WebGUI and of pfSense's REST package, or both. */
export interface Credentials {
  apiKey: { key: string; secret: string } | null
  login: { user: string; password: string } | null
}

const names = ['key', 'secret', 'user', 'password']
const shape = 'lines key= and secret= (an API key as OPNsense gives it out), or user= and password=, or all four'

/** Reads a credentials file, mode 0600. No value of it ever enters an error. */
export async function readCredentials(file: string): Promise<Credentials> {
  const mode = await stat(file).then(
    (found) => found.mode & 0o777,
    (cause: unknown) => {
      throw unavailable(`cannot read the credentials file ${file}: ${reasonOf(cause)}`, `make it: ${shape}, mode 0600`)
    },
  )
  if ((mode & 0o077) !== 0) {
    const shown = mode.toString(8).padStart(4, '0')
    throw unavailable(
      `expected the credentials file ${file} to be readable by its owner only, came mode ${shown}`,
      `chmod 600 ${file}`,
    )
  }
  return parseCredentials(await readFile(file, 'utf8'), file)
}

/** Parses `name=value` lines; a value is everything after the first `=`. Anything else in the file is refused. */
export function parseCredentials(text: string, file: string): Credentials {
  const values = new Map<string, string>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const name = line.split('=', 1)[0]?.trim() ?? ''
    const value = line.slice(line.indexOf('=') + 1)
    if (!names.includes(name) || !line.includes('=') || values.has(name) || value.trim() === '')
      throw unavailable(`${file}:${index + 1}: expected ${names.join('=, ')}= with a value, each once`, shape)
    values.set(name, value.trim())
  }
  const [apiKey, login] = [pairOf(values, 'key', 'secret', file), pairOf(values, 'user', 'password', file)]
  if (apiKey === null && login === null) throw unavailable(`expected credentials in ${file}, came none`, shape)
  return {
    apiKey: apiKey && { key: apiKey[0], secret: apiKey[1] },
    login: login && { user: login[0], password: login[1] },
  }
}

function pairOf(values: Map<string, string>, one: string, other: string, file: string): [string, string] | null {
  const [first, second] = [values.get(one), values.get(other)]
  if (first === undefined && second === undefined) return null
  if (first !== undefined && second !== undefined) return [first, second]
  const [found, missing] = first === undefined ? [other, one] : [one, other]
  throw unavailable(`expected ${missing}= beside ${found}= in ${file}, came none`, shape)
}

const unavailable = (message: string, hint: string) =>
  new HarnessError(message, { exitCode: exitCodes.unavailable, hint })
