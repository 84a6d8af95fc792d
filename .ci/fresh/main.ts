/**
 * `npm run test:fresh`: both commands of the README as the first thing typed on a bare Debian 12, then the first one again,
 * which must find everything there. Exit code 0 when all of them ended with 0, in time, and left nothing behind.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeBareRoot } from './bare-root.ts'
import { readmeCommands } from './readme-commands.ts'
import { typeInRoot, type Typed } from './typed.ts'

const project = join(import.meta.dirname, '../..')
const warmLimitMs = 90_000
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
  outcomes.push(await type(root, commands[0] ?? 'npm start', warmLimitMs))
  return outcomes.every(Boolean)
}

async function typedCommands() {
  const readme = join(project, 'README.md')
  return existsSync(readme) ? readmeCommands(await readFile(readme, 'utf8')) : ['npm start', 'npm test']
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
