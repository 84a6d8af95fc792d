import { isIPv6 } from 'node:net'
import { goFirst, startChild } from './children.mjs'
import { nowMs, toMicrosecond } from './clock.mjs'
import { parseFpingLine } from './fping-line.mjs'
import { FpingSchedule } from './fping-schedule.mjs'
import { emit } from './output.mjs'
import { wallOffset } from './wall-clock.mjs'

/** @import { AgentStream } from '../agent-stream.ts' */
/** @import { RunningStream } from './transport.ts' */

const housekeepingMs = 1000
const largestStepMs = 5
/** A clock relation less certain than this does not replace a better one. */
const widestOffsetMs = 0.1
const slackMs = 300

/**
 * ICMP echo at a fixed rate through one long-lived fping, whose lines become probes.
 * @implements {RunningStream}
 */
export class PingStream {
  #stream
  /** @type {FpingSchedule | undefined} */
  #schedule
  #wall = wallOffset()
  #lastError = 'it said nothing'
  /** Every probe below has been reported, and these above. */
  #unresolved = 0
  /** @type {Set<number>} */
  #ahead = new Set()
  #missed = 0
  #lastSeq = Infinity
  #isOver = false
  #end = () => {}

  /** @param {AgentStream} stream */
  constructor(stream) {
    this.#stream = stream
  }

  /** At a random phase, so that the probes do not lock to anything periodic. */
  start() {
    setTimeout(() => this.#spawn(), Math.random() * this.#stream.everyMs)
  }

  /** Resolves when each probe so far has had its time. fping cannot go on listening without sending: what it sends meanwhile is not reported. */
  async stop() {
    const schedule = this.#schedule
    if (schedule === undefined) {
      this.#isOver = true
      return
    }
    this.#lastSeq = schedule.lastSeqBy(this.#wallMs())
    await new Promise((resolve) => setTimeout(resolve, this.#stream.timeoutMs + slackMs))
    this.#reportUnsent(schedule, this.#lastSeq)
    this.#judgeRate()
    this.#isOver = true
    this.#end()
  }

  #spawn() {
    if (this.#isOver) return
    const { address, everyMs, timeoutMs, name } = this.#stream
    const gap = everyMs < 10 ? '0' : '1' // fping's own limit on all sends, ms
    const args = [
      isIPv6(address) ? '-6' : '-4',
      '-l',
      '-D',
      '-p',
      String(everyMs),
      '-t',
      String(timeoutMs),
      '-i',
      gap,
      address,
    ]
    const schedule = new FpingSchedule(this.#wallMs(), everyMs, timeoutMs)
    this.#schedule = schedule
    const child = startChild('fping', args, {
      onLine: (text) => this.#read(schedule, text),
      onErrorLine: (text) => (this.#lastError = text),
      onEnd: (reason) => this.#fail(`${reason}: ${this.#lastError}`),
    })
    if (child.pid !== undefined) goFirst(child.pid)
    emit({ type: 'stream-opened', stream: name, settings: { program: `fping ${args.join(' ')}` } })
    const housekeeping = setInterval(() => this.#keepHouse(schedule), housekeepingMs)
    this.#end = () => {
      clearInterval(housekeeping)
      child.kill('SIGKILL')
    }
  }

  /**
   * @param {FpingSchedule} schedule
   * @param {string} text
   */
  #read(schedule, text) {
    const line = parseFpingLine(text)
    if (line === null || line.seq > this.#lastSeq || this.#isReported(line.seq)) return
    const sentMs = schedule.sentMs(line)
    if (schedule.isMissed(line.seq, sentMs)) this.#missed += 1
    this.#report(line.seq, sentMs, { receivedMs: line.rttMs === null ? null : this.#toMonotonic(line.atMs) })
  }

  /**
   * fping says nothing about a probe that it could not send, nor do its numbers stop for it.
   * @param {FpingSchedule} schedule
   * @param {number} lastSeq
   */
  #reportUnsent(schedule, lastSeq) {
    for (let seq = this.#unresolved; seq <= Math.min(lastSeq, this.#lastSeq); seq += 1) {
      if (!this.#isReported(seq))
        this.#report(seq, schedule.slotMs(seq), { receivedMs: null, error: 'fping could not send it' })
    }
  }

  /**
   * @param {number} seq
   * @param {number} sentMs
   * @param {{ receivedMs: number | null, error?: string }} outcome
   */
  #report(seq, sentMs, outcome) {
    emit({ type: 'probe', stream: this.#stream.name, seq, sentMs: this.#toMonotonic(sentMs), ...outcome })
    this.#ahead.add(seq)
    while (this.#ahead.delete(this.#unresolved)) this.#unresolved += 1
  }

  /** @param {number} seq */
  #isReported(seq) {
    return seq < this.#unresolved || this.#ahead.has(seq)
  }

  /**
   * fping keeps its schedule on the wall clock, so a step of that moves the probes.
   * @param {FpingSchedule} schedule
   */
  #keepHouse(schedule) {
    const before = this.#wall
    const now = wallOffset()
    const stepMs = now.offsetMs - before.offsetMs
    if (now.widthMs <= Math.max(before.widthMs, widestOffsetMs)) this.#wall = now
    if (Math.abs(stepMs) > largestStepMs + now.widthMs + before.widthMs) {
      this.#fail(`the wall clock stepped by ${stepMs.toFixed(1)} ms`)
    }
    this.#reportUnsent(schedule, schedule.lastResolvedBy(this.#wallMs() - slackMs))
  }

  #judgeRate() {
    const sent = this.#lastSeq + 1
    if (this.#missed <= Math.max(1, sent / 1000)) return
    this.#fail(`fping sent ${this.#missed} of ${sent} probes late by more than half an interval`)
  }

  /** @param {string} reason */
  #fail(reason) {
    if (!this.#isOver) emit({ type: 'stream-failed', stream: this.#stream.name, reason })
  }

  #wallMs() {
    return nowMs() + this.#wall.offsetMs
  }

  /** @param {number} wallMs */
  #toMonotonic(wallMs) {
    return toMicrosecond(wallMs - this.#wall.offsetMs)
  }
}
