import type { MonitorTiming } from './gateway.ts'

/** One ping: when it was sent, and after how long it was answered. */
type Probe = { sequence: number; sentMs: number; tookMs?: number }

/** What is known of a gateway now; latency and deviation in microseconds, loss in whole percent, as dpinger says them. */
export type Quality = { latencyUs: number; deviationUs: number; loss: number }

/** What a ping was: `sequence` counts from 1 in each run of the program. */
export type ProbeResult = { sequence: number; atMs: number; tookMs?: number }

/** dpinger's averaging over a window of time; pure but for the clock that callers bring. */
export class Dpinger {
  /** Whether loss or latency is above its limit. */
  isAlarmed = false
  readonly #timing: MonitorTiming
  #probes: Probe[] = []

  constructor(timing: MonitorTiming) {
    this.#timing = timing
  }

  /** An answer, or that there was none until the next ping (it may still come). */
  hear({ sequence, atMs, tookMs }: ProbeResult): void {
    const known = this.#probes.findLast((probe) => probe.sequence === sequence && probe.tookMs === undefined)
    if (tookMs === undefined) {
      if (known === undefined) this.#probes.push({ sequence, sentMs: atMs - this.#timing.intervalMs })
    } else if (known === undefined) this.#probes.push({ sequence, sentMs: atMs - tookMs, tookMs })
    else known.tookMs = tookMs
  }

  /** Forgets what was, as after a new start. */
  reset(): void {
    this.#probes = []
    this.isAlarmed = false
  }

  /** Judges the window; true when the alarm has changed. */
  judge(nowMs: number): boolean {
    this.#probes = this.#probes.filter(({ sentMs }) => sentMs > nowMs - this.#timing.periodMs)
    const { latencyUs, loss } = this.quality(nowMs)
    const { latencyHighMs, lossHigh } = this.#timing
    const highUs = latencyHighMs * 1000
    const was = this.isAlarmed
    this.isAlarmed = was ? loss >= lossHigh || latencyUs >= highUs : loss > lossHigh || latencyUs > highUs
    return was !== this.isAlarmed
  }

  quality(nowMs: number): Quality {
    const answered = this.#probes.flatMap(({ tookMs }) => tookMs ?? [])
    const deadline = nowMs - this.#timing.lossIntervalMs
    const lost = this.#probes.filter(({ tookMs, sentMs }) => tookMs === undefined && sentMs <= deadline).length
    const mean = answered.reduce((sum, each) => sum + each, 0) / Math.max(1, answered.length)
    const squares = answered.reduce((sum, each) => sum + (each - mean) ** 2, 0) / Math.max(1, answered.length)
    return {
      latencyUs: Math.round(mean * 1000),
      deviationUs: Math.round(Math.sqrt(squares) * 1000),
      loss: Math.floor((lost * 100) / Math.max(1, lost + answered.length)),
    }
  }
}

/** A line of `ping -O`; undefined for one that tells of no probe. */
export function parsePingLine(line: string, atMs: number): ProbeResult | undefined {
  const [, sequence, took] = /^\d+ bytes from .*icmp_seq=(\d+) .*time=([\d.]+) ms/.exec(line) ?? []
  if (sequence !== undefined) return { sequence: Number(sequence), atMs, tookMs: Number(took) }
  const missed = /^no answer yet for icmp_seq=(\d+)/.exec(line)?.[1]
  return missed === undefined ? undefined : { sequence: Number(missed), atMs }
}
