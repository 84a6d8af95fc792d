import { sayMs } from '../analysis/quantity.ts'
import type { ObservedStep } from '../analysis/steps.ts'
import type { RoleTrace } from '../model/result.ts'
import type { Check, Judgement } from './check.ts'
import { fail, pass, unknown } from './check.ts'
import { judgeFailovers } from './failovers.ts'

/** Fails where the other firewall answered all along and never became master; unknown where nobody could see it. */
export const otherBecameMaster: Check = {
  id: 'other-became-master',
  title: 'the other firewall became master',
  because: 'traffic that flows without a takeover was not carried by what the drill tests',
  judge: (analysis) => judgeFailovers(analysis, (step, faultMs) => judgeStep(step, faultMs, analysis.timeline.roles)),
}

function judgeStep(step: ObservedStep, faultMs: number, roles: readonly RoleTrace[]): Judgement {
  const { name, machines } = step
  const others = roles.filter(({ node }) => !machines.includes(node))
  const vhids = [...new Set(roles.map(({ vhid }) => vhid))]
  if (others.length === 0) return unknown('no other firewall was ever asked for its role', name)
  const taken = vhids.map((vhid) =>
    takenOver(
      others.filter((trace) => trace.vhid === vhid),
      step,
      faultMs,
    ),
  )
  const text = taken.map((one, index) => `VHID ${vhids[index]}: ${one.text}`).join(', ')
  if (taken.every(({ verdict }) => verdict === 'pass')) return pass(text, name)
  return taken.some(({ verdict }) => verdict === 'fail') ? fail(text, name) : unknown(text, name)
}

function takenOver(traces: readonly RoleTrace[], step: ObservedStep, faultMs: number): Judgement & { text: string } {
  const seen = traces.flatMap(({ node, segments }) =>
    segments
      .filter(({ fromMs, toMs }) => toMs > faultMs && fromMs < step.observedUntilMs)
      .map((segment) => ({ node, ...segment })),
  )
  const master = seen.find(({ state }) => state === 'MASTER')
  if (master !== undefined) {
    const afterMs = Math.max(0, master.fromMs - faultMs)
    return said('pass', `${master.node} was seen as master ${sayMs(afterMs)} after the fault`)
  }
  const isBlind = seen.length === 0 || seen.some(({ state }) => state === 'UNREACHABLE')
  return isBlind
    ? said('unknown', 'the other firewall could not be asked all along, and was not seen as master')
    : said('fail', `no other firewall became master within ${sayMs(step.observedUntilMs - faultMs)}`)
}

const said = (verdict: Judgement['verdict'], text: string) => ({ verdict, text, message: text })
