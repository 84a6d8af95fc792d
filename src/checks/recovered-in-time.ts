import type { Analysis } from '../analysis/analyse.ts'
import { sayMs } from '../analysis/quantity.ts'
import { trafficIn } from '../analysis/streams.ts'
import type { ObservedStep } from '../analysis/steps.ts'
import type { Check, Judgement } from './check.ts'
import { fail, pass, unknown } from './check.ts'

/** Fails where a step's traffic or pair did not recover within the scenario's limit; unknown where the probes cannot tell. */
export const recoveredInTime: Check = {
  id: 'recovered-in-time',
  title: 'the traffic recovered in time',
  because: 'a pair that does not come back has failed, whatever else was measured',
  judge: (analysis) =>
    analysis.scenario.steps.map(({ name, recoverWithinMs, holdForMs = 0, silences = [] }) => {
      const step = analysis.steps.find((one) => one.name === name)
      return step === undefined
        ? unknown('the step never began', name)
        : judgeStep(step, { limitMs: recoverWithinMs, holdForMs, silences }, analysis)
    }),
}

/** How soon a step's traffic has to be back, and the streams that are not to be back at all. */
interface Wanted {
  limitMs: number
  /** How long the step went on after that. */
  holdForMs: number
  silences: readonly string[]
}

function judgeStep(step: ObservedStep, { limitMs, holdForMs, silences }: Wanted, analysis: Analysis): Judgement {
  const packets = analysis.streams.filter(({ opened }) => opened.class === 'packets')
  const traffic = packets.map((stream) => trafficIn(stream, step))
  const down = traffic
    .filter(({ last }) => last?.after === null)
    .map(({ stream }) => stream.opened.stream)
    .filter((name) => !silences.includes(name))
  const blind = analysis.streams.find(({ failure, unusable }) => failure !== null || unusable !== null)
  const mute = traffic.find(({ counts }) => counts.probes === 0)
  const { name } = step
  if (step.end === null) return unknown('the recording does not say how the step ended', name)
  if (step.end === 'aborted') return unknown('the step was aborted', name)
  if (blind !== undefined)
    return unknown(`${blind.opened.stream} did not work to the end: ${blind.failure?.reason ?? blind.unusable}`, name)
  if (mute !== undefined) return unknown(`${mute.stream.opened.stream} sent no probe in this step`, name)
  if (down.length > 0) return fail(`${down.join(', ')} never recovered, limit ${sayMs(limitMs)}`, name)
  if (step.end === 'expired')
    return fail(`not recovered within ${sayMs(limitMs)}: ${openQuestion(step, analysis)}`, name)
  return pass(
    `recovered ${sayMs((step.endMs ?? step.startMs) - step.startMs - holdForMs)} after the step began, at least 5 s of it clean; limit ${sayMs(limitMs)}`,
    name,
  )
}

/** What the step was still waiting for when its time was up. */
function openQuestion(step: ObservedStep, { facts }: Analysis): string {
  const gate = facts
    .of('gate')
    .findLast(({ phase, atMs }) => phase === 'after' && atMs >= step.startMs && atMs <= (step.endMs ?? Infinity))
  return gate !== undefined && gate.state !== 'settled'
    ? `the pair was not settled (${gate.unsettled.join('; ')})`
    : 'the traffic or its sessions did not stay up for 5 s'
}
