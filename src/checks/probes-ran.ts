import type { Analysis } from '../analysis/analyse.ts'
import type { Stream } from '../analysis/streams.ts'
import type { Check, Judgement } from './check.ts'
import { pass, unknown } from './check.ts'

/** One slot in this many may go unused, and in any case one. */
const slotsPerMiss = 1000

/** Unknown where a stream of the scenario did not keep its rate from its first probe to the end of the last step. */
export const probesRan: Check = {
  id: 'probes-ran',
  title: 'the probes kept their rate',
  because: 'a probe that was never sent is no evidence: a prober that stalls hides the outage',
  judge(analysis) {
    const names = new Set([
      ...Object.keys(analysis.scenario.probes),
      ...analysis.streams.map(({ opened }) => opened.stream),
    ])
    return [...names].map((name) => {
      const stream = analysis.streams.find(({ opened }) => opened.stream === name)
      return stream === undefined ? unknown(whyNot(name, analysis), name) : judgeStream(stream, analysis)
    })
  },
}

function whyNot(name: string, { facts }: Analysis): string {
  const withheld = facts.of('stream-withheld').find(({ stream }) => stream === name)
  return withheld?.reason ?? 'the stream was never opened'
}

function judgeStream(stream: Stream, analysis: Analysis): Judgement {
  const { opened, failure, unusable } = stream
  if (failure !== null) return unknown(`the stream failed: ${failure.reason}`, opened.stream)
  if (unusable !== null) return unknown(unusable, opened.stream)
  const untilMs = analysis.steps.at(-1)?.observedUntilMs
  if (untilMs === undefined) return unknown('no step began', opened.stream)
  return opened.class === 'packets' ? judgeSlots(stream, untilMs) : judgeSessions(stream)
}

/** The grid starts with the first probe; a slot is used where a probe really left, or failed because of the network. */
function judgeSlots({ opened, probes, evidence }: Stream, untilMs: number): Judgement {
  const first = probes[0]
  if (first === undefined) return unknown('no probe was sent', opened.stream)
  const slots = Math.max(1, Math.floor((untilMs - first.runMs) / opened.everyMs))
  const used = evidence.filter(({ runMs }) => runMs < untilMs).length
  const share = `${used} of ${slots} slots used (one per ${opened.everyMs} ms)`
  if (used < slots - Math.max(1, Math.floor(slots / slotsPerMiss))) {
    const unsent = probes.length - evidence.length
    return unknown(`${share}, expected 99.9 %${unsent > 0 ? `; ${unsent} could not be sent` : ''}`, opened.stream)
  }
  return pass(share, opened.stream)
}

function judgeSessions({ opened, sessions }: Stream): Judgement {
  const open = sessions.filter(({ openedMs }) => openedMs !== null).length
  const messages = sessions.reduce((total, session) => total + session.messages.size, 0)
  const text = `${open} of ${opened.sessions} sessions opened, ${messages} messages`
  return open < opened.sessions || messages === 0 ? unknown(text, opened.stream) : pass(text, opened.stream)
}
