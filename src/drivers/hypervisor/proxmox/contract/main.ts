import { join } from 'node:path'
import { HarnessError, exitCodes, type ExitCode } from '../../../../model/failure.ts'
import { type Options, readOptions, usage } from './options.ts'
import { readApiSchema } from './schema/document.ts'
import { runSuite } from './suite.ts'

/** Beside the project where it is built; elsewhere the suite says that it is not there. */
const schemaFile = join(import.meta.dirname, '../../../../../../shared/reference/pve-api-subset.json')

process.exitCode = await main()

async function main(): Promise<ExitCode> {
  const interruption = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupt(interruption, name))
  try {
    const options: Options | null = readOptions(process.argv.slice(2))
    if (options === null) return say(usage, exitCodes.pass)
    return await runSuite(options, await readApiSchema(schemaFile), (line) => void say(line, 0), interruption.signal)
  } catch (error) {
    if (interruption.signal.aborted) return exitCodes.interrupted
    return report(error)
  }
}

function interrupt(interruption: AbortController, name: string): void {
  if (!interruption.signal.aborted) process.stderr.write(`contract: ${name}: removing what was made, then leaving\n`)
  interruption.abort(new HarnessError(`interrupted by ${name}`, { exitCode: exitCodes.interrupted }))
}

function report(error: unknown): ExitCode {
  const isKnown = error instanceof HarnessError
  const text = isKnown ? error.message : error instanceof Error ? error.stack : String(error)
  process.stderr.write(`contract: ${text}\n`)
  if (isKnown && error.hint !== undefined) process.stderr.write(`  ${error.hint}\n`)
  return isKnown ? error.exitCode : exitCodes.internal
}

function say(text: string, code: ExitCode): ExitCode {
  process.stdout.write(`${text}\n`)
  return code
}
