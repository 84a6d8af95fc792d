import type { Fact } from '../../model/event.ts'
import type { ProbeFrame } from './probe-frame.ts'

type Passed = Extract<Fact, { type: 'probes-passed' }>

/** Rows of a fact that is recorded by its size or after so long. */
const mostRows = 2000
const longestMs = 2000
const mostFlows = 64
const ticksPerMs = 100

/** Gathers the probes that pass a point into columns: one fact per stream, way and two seconds. */
export class Passing {
  readonly #point: string
  readonly #record: (fact: Passed) => void
  readonly #open = new Map<string, { fact: Passed; seq: number; tick: number }>()

  constructor(point: string, record: (fact: Passed) => void) {
    this.#point = point
    this.#record = record
  }

  add(wallMs: number, { seq, ...frame }: ProbeFrame): void {
    const flow = `${frame.kind} ${frame.way} ${frame.src} ${frame.dst} ${frame.id}`
    this.#flushOld(wallMs)
    const row = this.#open.get(flow) ?? this.#begin(flow, wallMs, { seq, ...frame })
    const tick = Math.round((wallMs - row.fact.wallMs) * ticksPerMs)
    row.fact.seqSteps.push(seq - row.seq)
    row.fact.ticks.push(tick - row.tick)
    Object.assign(row, { seq, tick })
    if (row.fact.ticks.length >= mostRows) this.#end(flow)
  }

  /** Records what is still open. */
  flush(): void {
    for (const flow of this.#open.keys()) this.#end(flow)
  }

  #begin(flow: string, wallMs: number, { seq, ...frame }: ProbeFrame) {
    if (this.#open.size >= mostFlows) this.flush()
    const begun = { type: 'probes-passed' as const, point: this.#point, ...frame, seq, wallMs, seqSteps: [], ticks: [] }
    const row: { fact: Passed; seq: number; tick: number } = { fact: begun, seq, tick: 0 }
    this.#open.set(flow, row)
    return row
  }

  #flushOld(wallMs: number): void {
    for (const [flow, { fact }] of this.#open) if (Math.abs(wallMs - fact.wallMs) >= longestMs) this.#end(flow)
  }

  #end(flow: string): void {
    const row = this.#open.get(flow)
    this.#open.delete(flow)
    if (row !== undefined) this.#record(row.fact)
  }
}
