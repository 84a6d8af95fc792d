/**
 * `npm run test:fresh`: a newcomer's path as the README has it, typed on a bare Debian 12: a first drill, the tests, a scenario of one's
 * own; then the first command again, which must find everything there. `-- --without-tests` leaves `npm test` out.
 * Exit code 0 when all of them ended with 0, in time, and left nothing behind.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeBareRoot } from './bare-root.ts'
import { readmeCommands } from './readme-commands.ts'
import { typeInRoot, type Typed } from './typed.ts'

const project = join(import.meta.dirname, '../..')
const warmLimitMs = 90_000
const { values: options } = parseArgs({ options: { 'without-tests': { type: 'boolean', default: false } } })
const stop = new AbortController()

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => stop.abort(new Error(`stopped by ${signal}`)))

const folder = await mkdtemp(join(tmpdir(), 'firedrill-fresh-'))
try {
  process.exitCode = (await freshRun(join(folder, 'root'))) ? 0 : 1
} catch (error) {
  process.exitCode = stop.signal.aborted ? 130 : 1
  console.error(`test:fresh: ${error instanceof Error ? error.message : String(error)}`)
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function freshRun(root: string): Promise<boolean> {
  const commands = await typedCommands()
  await timed('a bare Debian 12 with Node, npm and a clone', () => makeBareRoot(root, project))
  const outcomes: boolean[] = []
  for (const command of commands) outcomes.push(await type(root, command))
  outcomes.push(await type(root, 'npm start', warmLimitMs))
  return outcomes.every(Boolean)
}

async function typedCommands() {
  const commands = readmeCommands(await readFile(join(project, 'README.md'), 'utf8'))
  return options['without-tests'] ? commands.filter((command) => command !== 'npm test') : commands
}

async function type(root: string, command: string, limitMs = Infinity) {
  console.log(`test:fresh: typing ${command}`)
  const typed = await typeInRoot(root, command, stop.signal)
  const wrong = judge(typed, limitMs)
  console.log(
    `test:fresh: ${command}: code ${typed.code} after ${seconds(typed.durationMs)}, ${wrong.length || 'nothing'} wrong`,
  )
  for (const line of wrong) console.log(`test:fresh:   ${line}`)
  return wrong.length === 0
}

function judge({ code, durationMs, wrong }: Typed, limitMs: number): string[] {
  return [
    ...(code === 0 ? [] : [`exit code: expected 0, came ${code}`]),
    ...(durationMs <= limitMs ? [] : [`duration: at most ${seconds(limitMs)}, came ${seconds(durationMs)}`]),
    ...wrong,
  ]
}

async function timed(what: string, work: () => Promise<void>) {
  const startMs = performance.now()
  await work()
  stop.signal.throwIfAborted()
  console.log(`test:fresh: ${what}: ${seconds(performance.now() - startMs)}`)
}

function seconds(ms: number) {
  return `${(ms / 1000).toFixed(1)} s`
}
