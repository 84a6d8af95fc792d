import type { Event, EventOf } from '../model/event.ts'
import { LiveClocks } from './live-clocks.ts'
import { LivePackets } from './live-packets.ts'
import { LiveSessions } from './live-sessions.ts'
import { underwayMs } from './patience.ts'
import { agedMs } from './session-count.ts'
import { sessionGraceMs } from './session-trial.ts'

/** The step that is going on: when its fault or healing had happened, and when the pair was settled after it. */
interface LiveStep {
  name: string
  silences: readonly string[]
  actedMs: number | null
  settledMs: number | null
}

/** The traffic of a run that is still going on, folded as its facts come: it keeps what is needed to say how the traffic is now, and no more. */
export class LiveTraffic {
  readonly #clocks = new LiveClocks()
  readonly #packets = new Map<string, LivePackets>()
  readonly #sessions = new Map<string, LiveSessions>()
  /** When each stream had its last answer, or was opened. */
  readonly #answeredMs = new Map<string, number>()
  #hasFailed = false
  #step: LiveStep | null = null

  /** Takes the next fact of the run. */
  note(event: Event): void {
    if (isAnswer(event)) this.#answeredMs.set(event.stream, event.atMs)
    if (event.type === 'clock-sync') this.#clocks.note(event)
    else if (event.type === 'stream-failed') this.#hasFailed = true
    else if (event.type === 'stream-opened') this.#open(event)
    else if (event.type === 'probe') this.#packets.get(event.stream)?.note(event)
    else if ('session' in event || 'sessions' in event) this.#sessions.get(event.stream)?.note(event)
    else this.#noteCourse(event)
  }

  /** How long, ms, all streams have been clean up to now: every probe answered in time, every session open and echoing. 0 where one is not. */
  cleanForMs(nowMs: number): number {
    if (!this.#isKnown()) return 0
    const streams = [...this.#packets.values(), ...this.#sessions.values()]
    return Math.min(...streams.map((stream) => stream.cleanForMs(nowMs)))
  }

  /** The streams that are not clean now, or have not been for long; sessions have to be old enough to count, too. */
  unclean(nowMs: number, forMs: number): string[] {
    const sessionsMs = Math.max(forMs, agedMs)
    const packets = [...this.#packets].filter(([, stream]) => stream.cleanForMs(nowMs) < forMs)
    const sessions = [...this.#sessions].filter(([, stream]) => stream.cleanForMs(nowMs) < sessionsMs)
    return [...packets, ...sessions].map(([name]) => name)
  }

  /** How long, ms, a stream has had no answer; 0 of one that was never opened. */
  silentForMs(stream: string, nowMs: number): number {
    return nowMs - (this.#answeredMs.get(stream) ?? nowMs)
  }

  /**
   * When the traffic of a step recovered for good, ms on the run's clock; null while it has not. Asks for 5 good probes and 5 s without an
   * impaired one on every packet stream that the step does not silence, counted from the fault itself, or after healing from when the pair was settled again;
   * and for every session to have caught up, closed, or missed its deadline.
   */
  recoveredAt(step: string, nowMs: number): number | null {
    const actedMs = this.#step?.name === step ? this.#step.actedMs : null
    if (actedMs === null || !this.#isKnown()) return null
    const sinceMs = Math.max(actedMs, this.#step?.settledMs ?? actedMs)
    const { silences = [] } = this.#step ?? {}
    const awaited = [...this.#packets].flatMap(([name, stream]) => (silences.includes(name) ? [] : [stream]))
    const recoveries = awaited.map((stream) => stream.recovery(sinceMs, nowMs))
    const found = recoveries.filter((recovery) => recovery !== null)
    if (found.length < recoveries.length) return null
    const recoveredMs = Math.max(sinceMs, ...found.map(({ atMs }) => atMs))
    const deadlineMs = recoveredMs + sessionGraceMs(Math.max(0, ...found.map(({ outageMs }) => outageMs))) + underwayMs
    const isHeld = [...this.#sessions.values()].every((stream) => stream.isDecided(recoveredMs, nowMs))
    return isHeld || nowMs > deadlineMs ? recoveredMs : null
  }

  /** Whether there are streams, none of which failed, and all of whose clocks are known. */
  #isKnown(): boolean {
    const streams = [...this.#packets.values(), ...this.#sessions.values()]
    return streams.length > 0 && !this.#hasFailed && streams.every(({ machine }) => this.#clocks.of(machine) !== null)
  }

  #open(opened: EventOf<'stream-opened'>): void {
    const clock = () => this.#clocks.of(opened.from)
    if (opened.class === 'packets') this.#packets.set(opened.stream, new LivePackets(opened, clock))
    else this.#sessions.set(opened.stream, new LiveSessions(opened, clock))
  }

  #noteCourse(event: Event): void {
    if (event.type === 'step-started') {
      this.#step = { name: event.step, silences: event.silences ?? [], actedMs: null, settledMs: null }
      for (const stream of this.#packets.values()) stream.stepStarted()
    }
    const step = this.#step
    if (step === null) return
    if ((event.type === 'injected' || event.type === 'healed') && event.step === step.name)
      step.actedMs ??= event.ackedMs
    if (event.type === 'injected-also' && event.step === step.name) step.actedMs = event.ackedMs
    if (event.type === 'gate' && event.phase === 'after' && event.state === 'settled') step.settledMs = event.atMs
  }
}

function isAnswer(event: Event): event is EventOf<'probe' | 'echoes' | 'stream-opened'> {
  if (event.type === 'probe') return event.receivedMs !== null
  return event.type === 'echoes' || event.type === 'stream-opened'
}
