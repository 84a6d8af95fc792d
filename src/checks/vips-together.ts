import { sayInterval, sayMs } from '../analysis/quantity.ts'
import type { ObservedStep } from '../analysis/steps.ts'
import type { Lab } from '../model/lab.ts'
import type { Measurement } from '../model/result.ts'
import type { Check, Judgement } from './check.ts'
import { fail, pass, unknown } from './check.ts'
import { judgeInterval } from './limit.ts'
import { perStep } from './split-brain.ts'

/** Addresses that move one after the other are together again within a crash timer; what takes longer stays apart. */
const apartAtMostMs = 5000

/** Fails where the addresses of a pair that preempts stayed on different nodes; of one that does not, it is said. */
export const vipsTogether: Check = {
  id: 'vips-together',
  title: 'the shared addresses moved together',
  because: 'traffic that goes in by one firewall and out by the other meets no state there',
  judge(analysis) {
    const measured = perStep(analysis, 'mixedRole')
    if (measured.length === 0) return [unknown('no step began')]
    return measured.map(({ step, measurement }) => judgeStep(step, measurement, analysis.lab))
  },
}

function judgeStep({ name }: ObservedStep, measured: Measurement | undefined, { pair }: Lab): Judgement {
  if (measured === undefined || measured.interval === null)
    return unknown(measured?.evidence ?? 'the roles were never measured', name)
  const { interval, evidence } = measured
  if (interval.high === 0) return pass('at no time were they on different firewalls', name)
  const text = `they were on different firewalls for ${sayInterval(interval, 'ms')} (${evidence})`
  if (!pair.preempt) return pass(`${text}; without preemption nothing brings them together`, name)
  const verdict = judgeInterval(interval, { max: apartAtMostMs })
  const limit = `at most ${sayMs(apartAtMostMs)} while one after the other moves`
  if (verdict === 'pass') return pass(`${text}, ${limit}`, name)
  return verdict === 'fail' ? fail(`${text}, ${limit}`, name) : unknown(`${text}, ${limit}`, name)
}
