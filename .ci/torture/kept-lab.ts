import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connect, imagesOf } from '../../src/commands/connection.ts'
import type { Connection } from '../../src/commands/connection.ts'
import { keptLabTarget } from '../../src/commands/kept-labs.ts'
import { chooseLab } from '../../src/commands/loading.ts'
import { readTarget } from '../../src/commands/target-file.ts'
import type { Lab } from '../../src/model/lab.ts'
import { startClock } from '../../src/engine/clock.ts'
import { drills } from './drills.ts'
import { differences, pictureOf } from './lab-picture.ts'
import type { LabPicture } from './lab-picture.ts'

const cli = join(import.meta.dirname, '..', '..', 'src', 'cli.ts')

/** What became of a command of firedrill. */
interface Ended {
  code: number | null
  said: string
  ms: number
}

/** A lab of its own that stands during the whole torture, and the folder in which its victims run. */
export interface KeptLab {
  name: string
  /** Drills, and gets the signal after so many milliseconds, where any are given. */
  drill(kind: string, kill?: { afterMs: number; signal: NodeJS.Signals }): Promise<Ended>
  recover(): Promise<Ended>
  /** The folders of its runs so far. */
  runs(): Promise<string[]>
  /** Once nothing moves in it any more: programs that run for an instant are in no two pictures. */
  stillPicture(): Promise<LabPicture>
  /** Looks until nothing differs any more, or time is up; what still differs. */
  differsFrom(before: LabPicture, withinMs: number): Promise<string[]>
  end(): Promise<void>
}

/** Makes a lab and keeps it until `end`. */
export async function keepLab(name: string): Promise<KeptLab> {
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-torture-'))
  for (const [kind, text] of Object.entries(drills)) await writeFile(join(folder, `${kind}.yaml`), text)
  const run = runnerIn(folder)
  const up = await run(['lab', 'up', 'opnsense-single-wan', '--name', name])
  if (up.code !== 0) throw new Error(`lab ${name} did not come up: ${up.said}`)
  const { connection, lab } = await connectTo(name)
  await untilSettled(connection, lab)
  const picture = () => pictureOf(connection, lab, AbortSignal.timeout(60_000))
  return {
    name,
    drill: (kind, kill) => run(['run', `${kind}.yaml`, '--lab', name], kill),
    recover: () => run(['recover', '--lab', name]),
    runs: () => readdir(join(folder, 'reports')).catch(() => []),
    stillPicture: () => stillPicture(picture),
    differsFrom: (before, withinMs) => untilSame(before, picture, withinMs),
    async end() {
      await connection.close()
      await run(['lab', 'down', name])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Each firewall has its role: a lab that has just come up is no measure for one that was drilled. */
async function untilSettled({ haReader }: Connection, { pair }: Lab): Promise<void> {
  const signal = AbortSignal.timeout(60_000)
  const states = [
    [pair.primary, 'MASTER'],
    [pair.secondary, 'BACKUP'],
  ] as const
  for (const [node, state] of states) {
    const isSettled = async () => {
      const { vhids, demotion, syncOk } = await haReader.read(node, signal)
      return vhids.every((vhid) => vhid.state === state) && demotion === 0 && syncOk === true
    }
    while (!(await isSettled())) await delay(200, undefined, { signal })
  }
}

async function connectTo(name: string) {
  const { lab } = await chooseLab('opnsense-single-wan')
  const target = await readTarget(await keptLabTarget(name))
  const own = { name: lab.lab, machines: Object.keys(lab.machines), images: imagesOf(lab) }
  return { lab, connection: await connect(target, own, startClock()) }
}

function runnerIn(cwd: string) {
  return async (args: string[], kill?: { afterMs: number; signal: NodeJS.Signals }): Promise<Ended> => {
    const startMs = performance.now()
    const child = spawn(process.execPath, [cli, ...args], { cwd, env: { ...process.env, NO_COLOR: '1' } })
    const output: string[] = []
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => output.push(text))
    const closed = once(child, 'close').then(([code]: unknown[]) => code)
    if (kill !== undefined) {
      await Promise.race([delay(kill.afterMs), closed])
      child.kill(kill.signal)
    }
    const code = await closed
    return { code: typeof code === 'number' ? code : null, said: output.join(''), ms: performance.now() - startMs }
  }
}

async function stillPicture(picture: () => Promise<LabPicture>): Promise<LabPicture> {
  for (;;) {
    const first = await picture()
    await delay(1000)
    if (differences(first, await picture()).length === 0) return first
  }
}

async function untilSame(before: LabPicture, picture: () => Promise<LabPicture>, withinMs: number): Promise<string[]> {
  const untilMs = performance.now() + withinMs
  for (;;) {
    const different = await picture().then(
      (now) => differences(before, now),
      (error: unknown) => [`no picture: ${String(error)}`],
    )
    if (different.length === 0 || performance.now() > untilMs) return different
    await delay(1000)
  }
}
