import { drills } from './drills.ts'
import { fractionOf } from './instants.ts'
import type { KeptLab } from './kept-lab.ts'
import type { LabPicture } from './lab-picture.ts'

/** The pair takes so long at most to be as it was after everything is undone: a firewall boots, a demotion ends. */
const settleWithinMs = 90_000

/** One kill, and what it left. `left`: what still differed from the lab before when time was up. */
export interface Attempt {
  number: number
  signal: NodeJS.Signals
  drill: string
  afterMs: number
  /** Exit code of the runner, null where it was killed. */
  code: number | null
  /** Exit code of `firedrill recover`, and how many undos it carried out. */
  recovery: number | null
  undone: number
  /** From the kill until the lab was as before. */
  tookMs: number
  left: string[]
}

/** Kills one drill at an instant that the seed and the number determine, recovers, and compares the lab with itself before. */
export async function attempt(
  lab: KeptLab,
  {
    number,
    seed,
    signal,
    lastsMs,
  }: { number: number; seed: number; signal: NodeJS.Signals; lastsMs: Map<string, number> },
  before: LabPicture,
): Promise<Attempt> {
  const kinds = Object.keys(drills)
  const drill = kinds[number % kinds.length] ?? ''
  const afterMs = Math.round(fractionOf(seed, number) * (lastsMs.get(drill) ?? 0))
  const run = await lab.drill(drill, { afterMs, signal })
  const killedMs = performance.now()
  const recovery = await lab.recover()
  const undone = recovery.said.match(/^undone: /gm)?.length ?? 0
  const left = await lab.differsFrom(before, settleWithinMs)
  const faults = [...left, ...complaints(signal, run.code, recovery, undone)]
  const tookMs = performance.now() - killedMs
  return { number, signal, drill, afterMs, code: run.code, recovery: recovery.code, undone, tookMs, left: faults }
}

/** Whoever is interrupted and not killed owes nothing; and what is recovered is recovered without complaint. */
function complaints(
  signal: NodeJS.Signals,
  code: number | null,
  recovery: { code: number | null; said: string },
  undone: number,
): string[] {
  const asked = signal !== 'SIGKILL'
  return [
    ...(recovery.code === 0 ? [] : [`recover ended with ${recovery.code}: ${recovery.said.trim()}`]),
    ...(asked && undone > 0 ? [`${undone} undos were left after ${signal}`] : []),
    ...(asked && code !== 130 && code !== 0 ? [`ended with ${code} after ${signal}`] : []),
  ]
}
