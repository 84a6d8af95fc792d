import { sayMs } from '../../src/analysis/quantity.ts'
import type { Result, StepTrace } from '../../src/model/result.ts'
import { metricOf } from './suite.ts'
import type { Statement } from './suite.ts'

const mostLines = 6

/**
 * The recorded events and packets that explain a statement, one line each, at their time on the run's clock: what was done, which probes went
 * unanswered, whose advertisement was heard last and first, what the kernels logged, which sessions broke.
 */
export function eventsFor(result: Result, statement: Statement): string[] {
  const metric = metricOf(statement)
  if (metric === null) return []
  const steps = result.timeline.steps
  const step = steps.find(({ name }) => name === metric.step)
  if (step === undefined) return []
  const stretch = { fromMs: step.startMs, toMs: steps[steps.indexOf(step) + 1]?.startMs ?? result.timeline.endMs }
  return [
    doneIn(step),
    ...windowsIn(result, metric.stream, stretch),
    ...takeoversIn(result, step.name),
    ...logsIn(result, stretch),
    ...sessionsIn(result, metric.stream, step.name),
  ].slice(0, mostLines)
}

interface Stretch {
  fromMs: number
  toMs: number
}

const at = (ms: number): string => `${(ms / 1000).toFixed(3)} s`
const isIn = (ms: number, { fromMs, toMs }: Stretch): boolean => ms >= fromMs && ms < toMs

function doneIn({ name, kind, action, machines, injectedMs }: StepTrace): string {
  const what = `${action === 'heal' ? 'heal of ' : ''}\`${kind}\` on ${machines.join(', ') || 'nothing'}`
  if (injectedMs === null) return `step ${name}: ${what} was never carried out`
  return `step ${name}: ${what}, sent at ${at(injectedMs.sent)} and acknowledged after ${sayMs(injectedMs.acked - injectedMs.sent)}`
}

function windowsIn({ timeline }: Result, stream: string, stretch: Stretch): string[] {
  const own = timeline.streams.filter(({ name }) => stream === 'pair' || name === stream)
  return own.flatMap(({ name, windows }) =>
    windows
      .filter(({ firstMs }) => isIn(firstMs, stretch))
      .map(({ firstMs, lastMs, goodAfterMs, impaired, lost }) => {
        const end = goodAfterMs === null ? 'none good after it' : `the next good one sent at ${at(goodAfterMs)}`
        return `${name}: probes without a good answer from ${at(firstMs)} to ${at(lastMs)} (${impaired}, ${lost} of them lost), ${end}`
      }),
  )
}

function takeoversIn({ timeline }: Result, step: string): string[] {
  return (timeline.takeovers ?? [])
    .filter((one) => one.step === step)
    .map(({ vhid, from, to, lastAdvertMs, firstAdvertMs, reason }) => {
      const last =
        lastAdvertMs === null ? 'last advertisement not captured' : `last advertisement at ${at(lastAdvertMs.low)}`
      const first = firstAdvertMs === null ? 'first one not captured' : `first one at ${at(firstAdvertMs.low)}`
      return `VHID ${vhid}: ${last} (${from}), ${first} (${to})${reason === null ? '' : `; its kernel: "${reason}"`}`
    })
}

function logsIn({ timeline }: Result, stretch: Stretch): string[] {
  return timeline.roles.flatMap(({ node, vhid, logged = [] }) =>
    logged
      .filter(({ fromMs }) => isIn(fromMs, stretch))
      .map(({ fromMs, state, reason }) => `log of ${node}: VHID ${vhid} is ${state} from ${at(fromMs)}: "${reason}"`),
  )
}

function sessionsIn({ timeline }: Result, stream: string, step: string): string[] {
  const own = timeline.streams.find(({ name }) => name === stream)?.sessions ?? []
  const broken = own.filter(({ verdicts }) => !['survived', 'stalled', undefined].includes(verdicts[step]))
  return broken.map(({ session, verdicts, closedMs, closeCause }) => {
    const end = closedMs === null ? 'never closed' : `closed at ${at(closedMs)}: ${closeCause ?? 'no cause told'}`
    return `${stream}: session ${session} ${verdicts[step]}, ${end}`
  })
}
