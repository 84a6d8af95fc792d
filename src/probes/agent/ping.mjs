import { startChild } from './children.mjs'
import { nowMs, toMicrosecond } from './clock.mjs'
import { parseFpingLine } from './fping-line.mjs'
import { FpingSchedule } from './fping-schedule.mjs'
import { emit } from './output.mjs'
import { wallOffsetMs } from './wall-clock.mjs'

const housekeepingMs = 1000
const largestStepMs = 5
const slackMs = 300

/** ICMP echo at a fixed rate through one long-lived fping, whose lines become probes. */
export class PingStream {
  #stream
  #child
  #schedule
  #offsetMs = wallOffsetMs()
  #errors = []
  #housekeeping
  #unresolved = 0 // every probe below has been reported
  #early = new Set() // reported ones above
  #missed = 0
  #isStopping = false
  #lastSeq = Infinity
  #isOver = false

  constructor(stream) {
    this.#stream = stream
  }

  start() {
    const { everyMs } = this.#stream
    setTimeout(() => this.#spawn(), Math.random() * everyMs)
  }

  /** Resolves when each probe so far has had its time. fping cannot go on listening without sending: what it sends meanwhile is not reported. */
  stop() {
    this.#isStopping = true
    if (this.#schedule === undefined) return Promise.resolve()
    const { everyMs, timeoutMs } = this.#stream
    this.#lastSeq = Math.floor((this.#wallMs() - this.#schedule.slotMs(0)) / everyMs)
    return new Promise((resolve) => setTimeout(() => resolve(this.#end()), timeoutMs + slackMs))
  }

  #spawn() {
    if (this.#isStopping) return
    const { address, everyMs, timeoutMs, name } = this.#stream
    const gap = everyMs < 10 ? '0' : '1'
    const args = ['-4', '-l', '-D', '-p', String(everyMs), '-t', String(timeoutMs), '-i', gap, address]
    this.#child = startChild('fping', args, {
      onLine: (text) => this.#read(text),
      onErrorLine: (text) => this.#errors.push(text),
      onEnd: (reason) => this.#fail(`${reason}: ${this.#errors.at(-1) ?? 'it said nothing'}`),
    })
    this.#schedule = new FpingSchedule(this.#wallMs(), everyMs, timeoutMs)
    emit({ type: 'stream-opened', stream: name, settings: { program: `fping ${args.join(' ')}` } })
    this.#housekeeping = setInterval(() => this.#keepHouse(), housekeepingMs)
  }

  #read(text) {
    const line = parseFpingLine(text)
    if (line === null || line.seq > this.#lastSeq || this.#isReported(line.seq)) return
    const sentMs = this.#schedule.sentMs(line)
    if (this.#schedule.isMissed(line.seq, sentMs)) this.#missed += 1
    this.#report(line.seq, {
      sentMs: this.#toMonotonic(sentMs),
      receivedMs: line.rttMs === null ? null : this.#toMonotonic(line.atMs),
    })
  }

  /** fping says nothing about a probe that it could not send, nor do its numbers stop for it. */
  #reportUnsent(lastResolved) {
    for (let seq = this.#unresolved; seq <= Math.min(lastResolved, this.#lastSeq); seq += 1) {
      if (this.#isReported(seq)) continue
      this.#report(seq, {
        sentMs: this.#toMonotonic(this.#schedule.slotMs(seq)),
        receivedMs: null,
        error: 'fping could not send it',
      })
    }
  }

  #report(seq, outcome) {
    emit({ type: 'probe', stream: this.#stream.name, seq, ...outcome })
    this.#early.add(seq)
    while (this.#early.delete(this.#unresolved)) this.#unresolved += 1
  }

  #isReported(seq) {
    return seq < this.#unresolved || this.#early.has(seq)
  }

  /** fping keeps its schedule on the wall clock; a step of it would move the probes. */
  #keepHouse() {
    const offsetMs = wallOffsetMs()
    const stepMs = offsetMs - this.#offsetMs
    this.#offsetMs = offsetMs
    if (Math.abs(stepMs) > largestStepMs) this.#fail(`the wall clock stepped by ${stepMs.toFixed(1)} ms`)
    this.#reportUnsent(this.#schedule.lastResolvedBy(this.#wallMs()))
  }

  #end() {
    clearInterval(this.#housekeeping)
    this.#reportUnsent(this.#lastSeq)
    const sent = this.#lastSeq + 1
    if (this.#missed > Math.max(1, sent / 1000))
      this.#fail(`fping sent ${this.#missed} of ${sent} probes late by more than half an interval`)
    this.#isOver = true
    this.#child?.kill('SIGKILL')
  }

  #fail(reason) {
    if (!this.#isOver) emit({ type: 'stream-failed', stream: this.#stream.name, reason })
  }

  #wallMs() {
    return nowMs() + this.#offsetMs
  }

  #toMonotonic(wallMs) {
    return toMicrosecond(wallMs - this.#offsetMs)
  }
}
