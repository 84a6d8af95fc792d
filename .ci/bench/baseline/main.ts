/**
 * The same faults of the embedded lab measured by a published shell script, by `ping`, by `fping` and by the harness, and what each concludes
 * against what the wire says: `npm run bench:baseline -- [--trials 3] [--fault power-off]... [--minutes 40] [--markdown FILE]`.
 * Ends with 1 where the harness was wrong.
 */
import { writeFile } from 'node:fs/promises'
import { cpus, release } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { format } from 'prettier'
import { reasonOf } from '../../../src/model/failure.ts'
import { printTable, say } from '../accuracy/printing.ts'
import { conclusionsOf } from './conclusions.ts'
import type { Conclusion } from './conclusions.ts'
import { benchFaults, drillOf } from './faults.ts'
import type { BenchFault } from './faults.ts'
import { onGround } from './ground.ts'
import type { Ground } from './ground.ts'
import { pageOf, rowsOf, tableHead } from './table.ts'
import type { FaultTrials } from './table.ts'
import { tryFault } from './trial.ts'

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '3' },
    fault: { type: 'string', multiple: true, default: benchFaults.map(({ name }) => name) },
    minutes: { type: 'string', default: '40' },
    markdown: { type: 'string' },
  },
})
const interruption = new AbortController()
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => interruption.abort(new Error(`ended by ${name}`)))
const signal = AbortSignal.any([interruption.signal, AbortSignal.timeout(Number(values.minutes) * 60_000)])
const chosen = benchFaults.filter(({ name }) => values.fault.includes(name))
const [first] = chosen
if (first === undefined)
  throw new Error(`expected --fault with some of ${benchFaults.map(({ name }) => name).join(', ')}`)
const results = chosen.map(({ words }): FaultTrials => ({ words, trials: [] }))

const left = await onGround(drillOf(first), signal, measureAll)
for (const line of left) say(`left: ${line}`)
const rows = rowsOf(results)
printTable(tableHead, rows)
if (values.markdown !== undefined) {
  const machine = `Linux ${release()}, ${cpus().length} processors, ${new Date().toISOString().slice(0, 10)}`
  await writeFile(values.markdown, await format(pageOf(rows, machine), { parser: 'markdown', printWidth: 120 }))
}
const isWrong = (one: Conclusion) => one.who.startsWith('firedrill') && one.wrong.length > 0
const all = results.flatMap(({ trials }) => trials)
if (left.length > 0 || all.length === 0 || all.flat().some(isWrong)) process.exitCode = 1

/** Round after round, so that time that runs out costs the last trials of all faults, not all trials of the last. */
async function measureAll(ground: Ground): Promise<void> {
  for (let trial = 1; trial <= Number(values.trials); trial += 1) {
    for (const [index, fault] of chosen.entries()) {
      if (signal.aborted) return
      const conclusions = await measure(fault, ground)
      say(`${fault.words}, trial ${trial} of ${values.trials}`)
      for (const { who, outage, words, wrong } of conclusions) say(`  ${who}: ${outage}; ${words}; ${wrong.join(', ')}`)
      if (conclusions.length > 0) results[index]?.trials.push(conclusions)
      await sleep(fault.restMs ?? 0, undefined, { signal }).catch(() => {}) // The signal ends the loop.
    }
  }
}

/** A trial in which the harness's own sender stalled proves nothing, and is tried once more; the second counts, whatever it is. */
async function measure(fault: BenchFault, ground: Ground): Promise<Conclusion[]> {
  try {
    const done = await tryFault(fault, ground, signal)
    const stall = done.result.findings.find(
      ({ id, verdict }) => id.startsWith('invariant.probes-ran') && verdict !== 'pass',
    )
    if (stall === undefined) return conclusionsOf(done, ground.site.addresses)
    say(`${fault.words}, once more: ${stall.message}`)
    return conclusionsOf(await tryFault(fault, ground, signal), ground.site.addresses)
  } catch (error) {
    say(`${fault.words} was not measured: ${reasonOf(error)}`)
    process.exitCode = 1
    return []
  }
}
