/**
 * Kills short drills on kept labs at random instants, recovers, and compares each lab with itself before, field by field:
 * `npm run torture -- [--kills 100] [--signal SIGKILL] [--signal SIGINT] [--seed 1] [--from 0] [--labs 2] [--lasts 14000]`. Exit 1 where anything was left.
 */
import { parseArgs } from 'node:util'
import { attempt } from './attempt.ts'
import type { Attempt } from './attempt.ts'
import { drills } from './drills.ts'
import { keepLab } from './kept-lab.ts'
import type { KeptLab } from './kept-lab.ts'
import { tableOf } from './table.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: '20261121' },
    from: { type: 'string', default: '0' },
    labs: { type: 'string', default: '2' },
    /** Milliseconds that every drill is taken to last, instead of trying it. */
    lasts: { type: 'string' },
    signal: { type: 'string', multiple: true, default: ['SIGKILL', 'SIGINT'] },
  },
})
const [kills, from, seed] = [Number(values.kills), Number(values.from), Number(values.seed)]
const signals = values.signal.map((name): NodeJS.Signals => (name === 'SIGINT' ? 'SIGINT' : 'SIGKILL'))
const queue = signals.flatMap((signal) =>
  Array.from({ length: kills - from }, (_, index) => ({ number: from + index, signal })),
)
const startMs = performance.now()
const labs = await Promise.all(
  Array.from({ length: Number(values.labs) }, (_, n) => keepLab(`torture-${process.pid}-${n}`)),
)
const attempts: Attempt[] = []
try {
  await Promise.all(labs.map(tortureOn))
} finally {
  await Promise.all(labs.map((lab) => lab.end()))
}
say(tableOf(attempts, { seed, tookMs: performance.now() - startMs, labs: labs.length }))
process.exitCode = attempts.length > 0 && attempts.every(({ left }) => left.length === 0) ? 0 : 1

async function tortureOn(lab: KeptLab): Promise<void> {
  const lastsMs = await durations(lab)
  const before = await lab.stillPicture()
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const done = await attempt(lab, { ...next, seed, lastsMs }, before)
    attempts.push(done)
    const { number, signal, drill, afterMs, undone, tookMs, left } = done
    const end = left.length === 0 ? 'as before' : `LEFT: ${left.join('; ')}`
    say(`${signal} ${number}: ${drill} after ${afterMs} ms, ${undone} undone, ${Math.round(tookMs)} ms, ${end}`)
  }
}

/** Every drill once without a kill: how long it lasts here, so that the instants cover all of it. */
async function durations(lab: KeptLab): Promise<Map<string, number>> {
  if (values.lasts !== undefined) return new Map(Object.keys(drills).map((drill) => [drill, Number(values.lasts)]))
  const lasts = new Map<string, number>()
  for (const drill of Object.keys(drills)) {
    const { ms, code, said } = await lab.drill(drill)
    if (code !== 0 && code !== 1) throw new Error(`${drill} ended with ${code} on ${lab.name}: ${said}`)
    lasts.set(drill, ms)
    say(`${lab.name}: ${drill} lasts ${Math.round(ms)} ms`)
  }
  return lasts
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
