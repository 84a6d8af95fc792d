import type { Clock } from '../ports/clock.ts'
import type { Recorder } from '../ports/recorder.ts'
import type { RemoteProcess } from '../ports/shell.ts'
import { type AgentLine, parseAgentLine } from './agent-line.ts'
import type { AgentStream } from './agent-stream.ts'

interface PendingSync {
  sentMs: number
  answer: (answered: 'answered') => void
}

/** Turns what one agent says into recorded facts, and what it fails to say into failures of its streams. */
export class StreamLog {
  readonly #machine: string
  readonly #streams: readonly AgentStream[]
  readonly #recorder: Recorder
  readonly #clock: Clock
  readonly #failed = new Set<string>()
  readonly #syncs = new Map<number, PendingSync>()
  readonly #samples = new Map<number, (answer: 'sampled') => void>()
  #nextSync = 0
  #isOver = false
  #isClosed = false
  /** The last line of the agent's standard error. */
  lastError: string | undefined

  constructor(machine: string, streams: readonly AgentStream[], recorder: Recorder, clock: Clock) {
    this.#machine = machine
    this.#streams = streams
    this.#recorder = recorder
    this.#clock = clock
  }

  /** Whether the agent has come to its proper end. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Takes one line of the agent's standard output. */
  read(text: string): void {
    if (this.#isOver) return
    const line = parseAgentLine(text)
    if (line.type === 'unreadable')
      return this.fail(`the probe agent on ${this.#machine} said what cannot be read: ${line.reason}`)
    if (line.type === 'closed') return this.#closed()
    if (line.type === 'sync') return this.#synced(line)
    if (line.type === 'sampled') return this.#samples.get(line.n)?.('sampled')
    if (line.type === 'lines-lost') return this.#lost(line.lines)
    if (line.type === 'stream-opened') return this.#opened(line)
    if (line.type === 'answers') return this.#answered(line)
    if (line.type === 'stream-failed') return this.#failStream(line.stream, line.reason)
    this.#recorder.record(line)
  }

  readError(text: string): void {
    if (text.trim() !== '') this.lastError = text.trim()
  }

  /** Asks the agent for its clock; the answer becomes a `clock-sync`. */
  askForClock(agent: RemoteProcess): Promise<'answered'> {
    const { promise, resolve } = Promise.withResolvers<'answered'>()
    const n = this.#nextSync++
    this.#syncs.set(n, { sentMs: this.#clock.nowMs(), answer: resolve })
    agent.write(JSON.stringify({ sync: n }))
    return promise
  }

  /** Asks the agent what its kernel says of the sockets of its sessions; resolves when that is told. */
  askForSockets(agent: RemoteProcess): Promise<'sampled'> {
    const { promise, resolve } = Promise.withResolvers<'sampled'>()
    const n = this.#samples.size
    this.#samples.set(n, resolve)
    agent.write(JSON.stringify({ sockets: n }))
    return promise
  }

  /** The agent's process is gone; unless it had closed, its streams are broken. */
  ended(code: number | null): void {
    const how = code === null ? 'was cut off' : `ended with exit code ${code}`
    this.fail(`the probe agent on ${this.#machine} ${how}${this.lastError === undefined ? '' : `: ${this.lastError}`}`)
  }

  /** Nothing more is expected; without the agent's own end its streams are broken. */
  close(): void {
    this.fail(`the probe agent on ${this.#machine} did not close its streams in time`)
  }

  /** Records that every stream failed, unless the agent has closed properly. */
  fail(reason: string): void {
    if (this.#isOver) return
    for (const { name } of this.#streams) this.#failStream(name, reason)
    this.#isOver = true
  }

  #closed(): void {
    this.#recorder.record({ type: 'streams-closed', machine: this.#machine })
    this.#isClosed = true
    this.#isOver = true
  }

  #synced({ n, remoteMs }: Extract<AgentLine, { type: 'sync' }>): void {
    const receivedMs = this.#clock.nowMs()
    const pending = this.#syncs.get(n)
    if (pending === undefined) return
    this.#syncs.delete(n)
    this.#recorder.record({ type: 'clock-sync', machine: this.#machine, sentMs: pending.sentMs, remoteMs, receivedMs })
    pending.answer('answered')
  }

  #opened({ stream, settings }: Extract<AgentLine, { type: 'stream-opened' }>): void {
    const spec = this.#streams.find(({ name }) => name === stream)
    if (spec === undefined) return
    const { name: _, address, port, request: __, question: ___, chunkBytes: ____, isFresh: _____, ...rest } = spec
    const where = { address, ...(port === null ? {} : { port: String(port) }) }
    this.#recorder.record({ type: 'stream-opened', stream, ...rest, settings: { ...where, ...settings } })
  }

  #answered({ stream, seqs, dueMs, sentMs, receivedMs, reflected }: Extract<AgentLine, { type: 'answers' }>): void {
    for (const [row, seq] of seqs.entries()) {
      const [due, sent, received, count] = [dueMs[row], sentMs[row], receivedMs[row], reflected[row]]
      if (due === undefined || sent === undefined || received === undefined || count === undefined)
        return this.#failStream(
          stream,
          `the probe agent on ${this.#machine} told ${seqs.length} answers without all of their times`,
        )
      this.#recorder.record({
        type: 'probe',
        stream,
        seq,
        sentMs: sent,
        dueMs: due,
        receivedMs: received,
        reflected: count,
      })
    }
  }

  #lost(lines: number): void {
    const reason = `the channel to the probe agent on ${this.#machine} stalled: ${lines} of its facts were lost`
    for (const { name } of this.#streams) this.#failStream(name, reason)
  }

  #failStream(stream: string, reason: string): void {
    if (this.#failed.has(stream)) return
    this.#failed.add(stream)
    this.#recorder.record({ type: 'stream-failed', stream, reason })
  }
}
