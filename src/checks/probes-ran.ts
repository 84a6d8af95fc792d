import type { Analysis } from '../analysis/analyse.ts'
import { sayFine } from '../analysis/quantity.ts'
import type { JudgedPart } from '../analysis/slots.ts'
import type { Stream } from '../analysis/streams.ts'
import type { Check, Judgement } from './check.ts'
import { pass, unknown } from './check.ts'

/** Of so many slots one may go unused; and one in any case. */
const slotsPerMiss = 1000

/** Unknown where a stream of the scenario did not keep its rate in the clean traffic, in a step, or over all of them. */
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
  if (analysis.steps.length === 0) return unknown('no step began', opened.stream)
  return opened.class === 'packets' ? judgeSlots(stream) : judgeSessions(stream)
}

/** What became of the slots of a part of the run: used where a probe left in time, or failed to because of the network. */
interface Slots {
  name: string
  slots: number
  used: number
  missing: number
  unsent: number
}

function judgeSlots({ opened, packets }: Stream): Judgement {
  const parts = packets.parts.map((part) => slotsOf(part, opened.everyMs))
  const whole = parts.reduce(together, { name: 'the judged time', slots: 0, used: 0, missing: 0, unsent: 0 })
  const rate = `one per ${opened.everyMs} ms`
  const short = [...parts, whole].find(({ slots, missing }) => missing > Math.max(1, Math.floor(slots / slotsPerMiss)))
  if (whole.used === 0) return unknown('no probe was sent', opened.stream)
  if (short !== undefined) {
    const { name, slots, missing, unsent } = short
    const why = unsent > 0 ? `; ${unsent} could not be sent` : ''
    const share = `${slots - missing} of ${slots} slots used in ${name} (${rate})`
    return unknown(`${share}, expected 99.9 %${why}${sayLateness(packets)}`, opened.stream)
  }
  const used = whole.slots - whole.missing
  return pass(`${used} of ${whole.slots} slots used (${rate})${sayLateness(packets)}`, opened.stream)
}

/** A part has as many slots as fit into it, whatever the stream says of them: one that stopped sending names none. */
function slotsOf({ name, fromMs, toMs, used, missed, unsent }: JudgedPart, everyMs: number): Slots {
  const slots = Math.max(1, Math.floor((toMs - fromMs) / everyMs))
  return { name, slots, used, missing: Math.min(slots, Math.max(missed + unsent, slots - used)), unsent }
}

const together = (one: Slots, other: Slots): Slots => ({
  name: one.name,
  slots: one.slots + other.slots,
  used: one.used + other.used,
  missing: one.missing + other.missing,
  unsent: one.unsent + other.unsent,
})

function sayLateness({ latenessMs }: Stream['packets']): string {
  if (latenessMs === null) return ''
  const [p50, p99, max] = [latenessMs.p50, latenessMs.p99, latenessMs.max].map(sayFine)
  return `; sent late by p50 ${p50}, p99 ${p99}, at most ${max}`
}

function judgeSessions({ opened, sessions }: Stream): Judgement {
  const open = sessions.filter(({ openedMs }) => openedMs !== null).length
  const messages = sessions.reduce((total, session) => total + session.messages, 0)
  const text = `${open} of ${opened.sessions} sessions opened, ${messages} messages`
  const expected = opened.openEveryMs === undefined ? opened.sessions : 1
  return open < expected || messages === 0 ? unknown(text, opened.stream) : pass(text, opened.stream)
}
