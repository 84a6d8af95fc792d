import { plural, sayInterval, sayMs } from '../analysis/quantity.ts'
import type { ObservedStep } from '../analysis/steps.ts'
import type { Analysis } from '../analysis/analyse.ts'
import type { Lab } from '../model/lab.ts'
import type { Measurement } from '../model/result.ts'
import type { Check, Judgement } from './check.ts'
import { fail, pass, unknown } from './check.ts'
import { judgeInterval } from './limit.ts'

/** Faults after which the nodes cannot hear each other on some network: two masters are what they make. */
const partsTheNodes: readonly string[] = ['carp-drop', 'tunnel-cut']

/** A master that hears a better one gives way at its advertisement, which comes within its period; a demoted one's is up to 240/256 s longer. */
const resolvedWithinMs = ({ pair }: Lab): number => Math.max(...pair.vips.map(({ advbase }) => 1000 * advbase)) + 1000

/** Fails where both firewalls stayed master of a VHID for longer than CARP needs to end that; unknown where captures leave it open. */
export const splitBrain: Check = {
  id: 'split-brain',
  title: 'no split brain',
  because: 'two masters answer for one address: hosts, switches and states cannot know which',
  judge(analysis) {
    const measured = perStep(analysis, 'dualMaster')
    if (measured.length === 0) return [unknown('no step began')]
    const hasCaptures = analysis.facts.of('capture-opened').length > 0
    return measured.map(({ step, measurement }) => judgeStep(step, measurement, analysis.lab, hasCaptures))
  },
}

/** One role metric of the pair in every step that began. */
export const perStep = (
  { steps, measurements }: Analysis,
  metric: Measurement['metric'],
): { step: ObservedStep; measurement: Measurement | undefined }[] =>
  steps.map((step) => ({
    step,
    measurement: measurements.find((one) => one.step === step.name && one.metric === metric && one.stream === 'pair'),
  }))

function judgeStep(
  { name, kind }: ObservedStep,
  measured: Measurement | undefined,
  lab: Lab,
  hasCaptures: boolean,
): Judgement {
  if (measured === undefined || measured.interval === null)
    return unknown(measured?.evidence ?? 'the roles were never measured', name)
  const { interval, evidence } = measured
  if (interval.high === 0) return pass('at no time were both firewalls master', name)
  const limitMs = resolvedWithinMs(lab)
  const vhids = plural(new Set(lab.pair.vips.map(({ vhid }) => vhid)).size, 'VHID')
  const text = `both firewalls were master for ${sayInterval(interval, 'ms')} (${vhids}; ${evidence})`
  if (partsTheNodes.includes(kind)) return pass(`${text}; that is what this fault makes`, name)
  const verdict = judgeInterval(interval, { max: limitMs })
  const limit = `CARP ends that within ${sayMs(limitMs)}`
  if (verdict === 'pass') return pass(`${text}, ${limit}`, name)
  if (verdict === 'fail') return fail(`split brain: ${text}, ${limit}`, name)
  // A node that starts answers nobody for a while: only its advertisements would tell, and nobody listened.
  if (!hasCaptures) return pass(`none was seen: ${text}; nobody listened to advertisements`, name)
  return unknown(`${text}, ${limit}`, name)
}
