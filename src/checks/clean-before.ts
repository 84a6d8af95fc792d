import type { Analysis } from '../analysis/analyse.ts'
import { plural, sayMs } from '../analysis/quantity.ts'
import type { Stream } from '../analysis/streams.ts'
import type { Check, Judgement } from './check.ts'
import { pass, unknown } from './check.ts'

/** Unknown unless every stream carried clean traffic for as long as the scenario asks, right up to the first fault. */
export const cleanBefore: Check = {
  id: 'clean-before',
  title: 'the traffic was clean before the fault',
  because: 'losses that were there before cannot be told from those of the fault',
  judge(analysis) {
    const { facts, steps, scenario, streams } = analysis
    const first = steps[0]
    if (first === undefined) return [unknown('no step began')]
    const clean = facts.of('clean-traffic').findLast(({ atMs }) => atMs <= first.startMs)
    if (clean === undefined) return [unknown('clean traffic was never seen before the first step')]
    const forMs = first.startMs - clean.sinceMs
    if (forMs < scenario.gate.cleanForMs) {
      return [unknown(`clean for ${sayMs(forMs)} only, expected ${sayMs(scenario.gate.cleanForMs)}`)]
    }
    return [unclean(analysis, streams) ?? pass(`clean for ${sayMs(forMs)} before the first step`)]
  },
}

/** The recording's own probes against the word of the engine. */
function unclean({ steps }: Analysis, streams: readonly Stream[]): Judgement | null {
  const untilMs = steps[0]?.injectedMs?.sent ?? steps[0]?.startMs ?? 0
  for (const { opened, packets, sessions } of streams) {
    if (opened.class === 'sessions') {
      const sick = endedEarly(opened.stream, sessions, untilMs)
      if (sick !== null) return sick
      const ready = sessions.filter(
        ({ openedMs, closedMs }) => (openedMs ?? Infinity) < untilMs && (closedMs ?? Infinity) > untilMs,
      )
      const due = dueBy(opened, sessions, untilMs)
      if (ready.length < due) return unknown(`${opened.stream} held ${ready.length} of ${due} sessions`)
      continue
    }
    const { probes, impaired } = packets.clean
    if (probes === 0) return unknown(`${opened.stream} sent no probe in that time`)
    if (impaired > 0)
      return unknown(`${impaired} of ${probes} probes of ${opened.stream} were lost or late in that time`)
  }
  return null
}

/** Connections end by themselves hardly ever: where more do, what a fault ends cannot be told from it (RFC 9411). */
const mostEarly = 1e-5

function endedEarly(stream: string, sessions: Stream['sessions'], untilMs: number): Judgement | null {
  const opened = sessions.filter(({ openedMs }) => openedMs !== null && openedMs < untilMs)
  const ended = opened.filter(({ closedMs }) => closedMs !== null && closedMs <= untilMs)
  const [first] = ended
  if (first === undefined || ended.length < mostEarly * opened.length) return null
  const which = `session ${first.session}: ${first.closeCause ?? 'no cause'}`
  return unknown(
    `${ended.length} of ${plural(opened.length, 'session')} of ${stream} ended before the first fault (${which}), expected less than 0.001 %: the lab or its path is sick`,
  )
}

/** How many sessions of a stream are to be open at an instant: all, or of those that open one after another as many as had begun to. */
function dueBy({ openEveryMs, sessions: all }: Stream['opened'], sessions: Stream['sessions'], atMs: number): number {
  if (openEveryMs === undefined) return all
  const openings = sessions.flatMap(({ openedMs }) => openedMs ?? [])
  const first = openings.reduce((least, one) => Math.min(least, one), Infinity)
  const begun = Math.floor((atMs - openingWithinMs - first) / openEveryMs) + 1
  return Math.min(all, Math.max(1, begun))
}

/** How long a connection may take to be made, ms. */
const openingWithinMs = 1000
