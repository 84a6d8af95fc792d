import type { Analysis } from '../analysis/analyse.ts'
import type { RoleTrace } from '../model/result.ts'
import type { Check, Judgement } from './check.ts'
import { fail, pass, unknown } from './check.ts'

/** Fails where a VHID ends without a master or with two, or the pair never settled again; unknown where a firewall did not answer. */
export const oneMaster: Check = {
  id: 'one-master',
  title: 'the pair ended settled with exactly one master',
  because: 'two masters, or none, is the accident that the pair exists to prevent',
  judge(analysis) {
    const vhids = [...new Set(analysis.timeline.roles.map(({ vhid }) => vhid))]
    if (vhids.length === 0) return [unknown('no firewall was ever asked for its role')]
    const judged = vhids.map((vhid) =>
      judgeVhid(
        vhid,
        analysis.timeline.roles.filter((trace) => trace.vhid === vhid),
      ),
    )
    return [judged.find(({ verdict }) => verdict !== 'pass') ?? settledAfter(analysis, judged)]
  },
}

function judgeVhid(vhid: number, traces: readonly RoleTrace[]): Judgement {
  const last = traces.map(({ node, segments }) => ({ node, state: segments.at(-1)?.state ?? 'UNREACHABLE' }))
  const text = `VHID ${vhid}: ${last.map(({ node, state }) => `${node} ${state}`).join(', ')}`
  if (last.length < 2) return unknown(`${text}, the other firewall was never asked`)
  if (last.some(({ state }) => state === 'UNREACHABLE')) return unknown(text)
  return last.filter(({ state }) => state === 'MASTER').length === 1 ? pass(text) : fail(text)
}

function settledAfter({ facts, steps }: Analysis, judged: readonly Judgement[]): Judgement {
  const roles = judged.map(({ message }) => message).join('; ')
  const lastStepMs = steps.at(-1)?.startMs ?? Infinity
  const gate = facts
    .of('gate')
    .findLast(({ phase, state, atMs }) => phase === 'after' && state !== 'waiting' && atMs > lastStepMs)
  if (gate === undefined) return unknown(`${roles}; nobody looked whether the pair was settled again`)
  return gate.state === 'settled' ? pass(roles) : fail(`${roles}; not settled: ${gate.unsettled.join('; ')}`)
}
