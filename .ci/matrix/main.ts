/**
 * Every fault on a lab that stays: begun, seen, healed twice, seen to be healed, the pair settled again; prints a table with the time from
 * command to effect, then the controls in which nothing may be lost: `npm run matrix -- [--lab opnsense-single-wan]... [--kept NAME] [--only KIND]... [--trials 1]`. Exit 1 where one failed.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { connect, imagesOf } from '../../src/commands/connection.ts'
import { keptLabTarget } from '../../src/commands/kept-labs.ts'
import { chooseLab } from '../../src/commands/loading.ts'
import { readTarget } from '../../src/commands/target-file.ts'
import { startClock } from '../../src/engine/clock.ts'
import { entriesFor } from './entries.ts'
import { tableOf } from './table.ts'
import { tryFault, untilSettled } from './trial.ts'
import type { Trial } from './trial.ts'

const { values } = parseArgs({
  options: {
    lab: { type: 'string', multiple: true, default: ['opnsense-single-wan'] },
    kept: { type: 'string' },
    only: { type: 'string', multiple: true },
    trials: { type: 'string', default: '1' },
  },
})
const cli = join(import.meta.dirname, '..', '..', 'src', 'cli.ts')
for (const name of values.lab) {
  const trials = values.kept === undefined ? await onOwnLab(name) : await on(name, values.kept)
  say(tableOf(name, trials))
  if (trials.some(({ outcome }) => outcome === 'FAILED')) process.exitCode = 1
}

async function onOwnLab(name: string): Promise<Trial[]> {
  const kept = `matrix-${process.pid}`
  firedrill('lab', 'up', name, '--name', kept)
  try {
    return await on(name, kept)
  } finally {
    firedrill('lab', 'down', kept)
  }
}

/** Drills in which nothing may be lost, since nothing that carries traffic is touched. */
function controls(kept: string): void {
  for (const file of readdirSync(join(import.meta.dirname, 'controls'))) {
    const words = ['run', join(import.meta.dirname, 'controls', file), '--lab', kept]
    const { status } = spawnSync(process.execPath, [cli, ...words], { stdio: 'ignore' })
    say(`control ${file}: ${status === 0 ? 'nothing lost' : `FAILED (${status}): firedrill ${words.join(' ')}`}`)
    if (status !== 0) process.exitCode = 1
  }
}

async function on(name: string, kept: string): Promise<Trial[]> {
  const { lab } = await chooseLab(name)
  const clock = startClock()
  const own = { name: lab.lab, machines: Object.keys(lab.machines), images: imagesOf(lab) }
  const connection = await connect(await readTarget(await keptLabTarget(kept)), own, clock)
  const bench = { connection, lab, clock }
  const wanted = entriesFor(lab).filter(({ kind }) => values.only === undefined || values.only.includes(kind))
  const trials: Trial[] = []
  try {
    if ((await untilSettled(bench)) === null) throw new Error(`${name} is not settled before the first fault`)
    for (const entry of Array.from({ length: Number(values.trials) }, () => wanted).flat()) {
      const trial = await tryFault(bench, entry)
      say(
        `${trial.kind} ${JSON.stringify(trial.params)}: ${trial.outcome}, ${trial.effectMs?.toFixed(0)} ms, settled ${trial.settledMs?.toFixed(0)} ms: ${trial.said}`,
      )
      trials.push(trial)
    }
  } finally {
    await connection.close()
  }
  if (values.only === undefined && name === 'opnsense-single-wan') controls(kept)
  return trials
}

function firedrill(...words: string[]): void {
  const { status } = spawnSync(process.execPath, [cli, ...words], { stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`firedrill ${words.join(' ')} ended with ${status}`)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
