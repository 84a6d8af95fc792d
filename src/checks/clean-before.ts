import type { Analysis } from '../analysis/analyse.ts'
import { sayMs } from '../analysis/quantity.ts'
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
    return [unclean(analysis, clean.sinceMs, streams) ?? pass(`clean for ${sayMs(forMs)} before the first step`)]
  },
}

/** The recording's own probes against the word of the engine. */
function unclean({ steps }: Analysis, sinceMs: number, streams: readonly Stream[]): Judgement | null {
  const untilMs = steps[0]?.injectedMs?.sent ?? steps[0]?.startMs ?? 0
  for (const { opened, evidence, sessions, clock, thetaMs } of streams) {
    if (opened.class === 'sessions') {
      const ready = sessions.filter(
        ({ openedMs, closedMs }) => (openedMs ?? Infinity) < untilMs && (closedMs ?? Infinity) > untilMs,
      )
      if (ready.length < opened.sessions)
        return unknown(`${opened.stream} held ${ready.length} of ${opened.sessions} sessions`)
      continue
    }
    const probes = evidence.filter(
      ({ runMs, sentMs }) => runMs >= sinceMs && clock.toRun(sentMs).high + thetaMs < untilMs,
    )
    const impaired = probes.filter((probe) => probe.class !== 'ok').length
    if (probes.length === 0) return unknown(`${opened.stream} sent no probe in that time`)
    if (impaired > 0)
      return unknown(`${impaired} of ${probes.length} probes of ${opened.stream} were lost or late in that time`)
  }
  return null
}
