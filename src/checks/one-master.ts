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

/** Who was not master for so long, and yet advertised in that time, contradicts itself; a demoted master's period is 1.94 s. */
const silentForMs = 2500
/** Who still advertises does so this close to the end: one advertisement of long ago may be of a moment as master that nobody read. */
const lastlyMs = 5000

/** A node that says that it is no master, while its advertisements are heard. */
function contradicted(traces: readonly RoleTrace[]): string | undefined {
  return traces.find(({ segments, advertsMs = [] }) => {
    const last = segments.at(-1)
    if (last === undefined || last.state === 'MASTER' || last.state === 'UNREACHABLE') return false
    return advertsMs.some((atMs) => atMs > Math.max(last.fromMs + silentForMs, last.toMs - lastlyMs))
  })?.node
}

function judgeVhid(vhid: number, traces: readonly RoleTrace[]): Judgement {
  const last = traces.map(({ node, segments }) => ({ node, state: segments.at(-1)?.state ?? 'UNREACHABLE' }))
  const text = `VHID ${vhid}: ${last.map(({ node, state }) => `${node} ${state}`).join(', ')}`
  if (last.length < 2) return unknown(`${text}, the other firewall was never asked`)
  if (last.some(({ state }) => state === 'UNREACHABLE')) return unknown(text)
  if (last.filter(({ state }) => state === 'MASTER').length !== 1) return fail(text)
  const liar = contradicted(traces)
  return liar === undefined ? pass(text) : unknown(`${text}, but ${liar} still advertised`)
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
