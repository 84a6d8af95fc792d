import { countStates } from './state-count.ts'
import { type Bulk, type BulkEvent, idleBulk, stepBulk } from './bulk.ts'
import type { BulkChannel, BulkMessage } from './bulk-channel.ts'
import type { Conntrackd } from './conntrackd.ts'

const settledForMs = 150
const pollMs = 25
const importLimitMs = 10_000
const maxRepeats = 3

/** What a bulk update acts on. A silent node never answers the peer's request. */
export type BulkSurroundings = {
  daemon: Conntrackd
  demote: (by: number, reason: string) => void
  demotionFactor: number
  isSilent: boolean
}

/** Both sides of bulk updates: asking the peer for its states, and sending ours. */
export class BulkExchange {
  bulk: Bulk = idleBulk
  channel: BulkChannel | undefined
  readonly #around: BulkSurroundings
  #timer: NodeJS.Timeout | undefined
  #sending = false
  #repeats = 0

  constructor(around: BulkSurroundings) {
    this.#around = around
  }

  apply(event: BulkEvent): void {
    const { bulk, effects } = stepBulk(this.bulk, event, performance.now())
    this.bulk = bulk
    const { demote, demotionFactor } = this.#around
    for (const effect of effects) {
      if (effect.kind === 'request') this.channel?.send({ bulk: 'request' })
      else if (demotionFactor !== 0) demote(effect.sign * demotionFactor, effect.reason)
    }
    clearTimeout(this.#timer)
    if (bulk.dueMs !== undefined) this.#timer = setTimeout(() => this.apply('timer'), bulk.dueMs - performance.now())
  }

  hear(message: BulkMessage): void {
    if (message.bulk === 'begin') return this.apply('announced')
    if (message.bulk === 'end') return void this.#finish(message.states)
    if (!this.#around.isSilent) void this.#answer()
    this.apply('peerRequest')
  }

  async #answer(): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    this.channel?.send({ bulk: 'begin' })
    const states = await this.#around.daemon.sendBulk()
    this.channel?.send({ bulk: 'end', states })
    this.#sending = false
  }

  // The end overtakes what conntrackd still has to put into the kernel; what was lost on the way is asked for again.
  async #finish(states: number): Promise<void> {
    const complete = await tableReaches(states)
    if (complete || this.#repeats >= maxRepeats) {
      this.#repeats = 0
      return this.apply('end')
    }
    this.#repeats += 1
    this.channel?.send({ bulk: 'request' })
  }
}

// False once the table has stopped growing short of the number.
async function tableReaches(states: number): Promise<boolean> {
  const deadline = performance.now() + importLimitMs
  let quietSince = performance.now()
  let count = countStates()
  while (count < states && performance.now() - quietSince < settledForMs && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, pollMs))
    const now = countStates()
    if (now !== count) quietSince = performance.now()
    count = now
  }
  return count >= states
}
