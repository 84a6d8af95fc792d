import { setImmediate as macrotask } from 'node:timers/promises'
import type { Clock } from '../ports/clock.ts'

/** A clock that jumps to the next sleeper as soon as nothing else is going on, so that minutes pass in milliseconds. */
export interface VirtualClock extends Clock {
  /** Lets time pass until `done` settles; fails the test when `limitMs` of virtual time go by before. */
  runUntil<T>(done: Promise<T>, limitMs: number): Promise<T>
}

interface Sleeper {
  atMs: number
  wake(): void
}

export function virtualClock(): VirtualClock {
  let nowMs = 0
  const sleepers = new Set<Sleeper>()
  const advance = () => {
    const next = [...sleepers].toSorted((a, b) => a.atMs - b.atMs)[0]
    if (next === undefined) return
    nowMs = Math.max(nowMs, next.atMs)
    next.wake()
  }
  return {
    nowMs: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        const sleeper = { atMs: nowMs + Math.max(0, ms), wake: () => settle(resolve) }
        const abort = () => settle(() => reject(new Error('aborted', { cause: signal.reason })))
        const settle = (then: () => void) => {
          sleepers.delete(sleeper)
          signal.removeEventListener('abort', abort)
          then()
        }
        sleepers.add(sleeper)
        signal.addEventListener('abort', abort)
      }),
    async runUntil(done, limitMs) {
      const settled = { is: false }
      void done.then(
        () => (settled.is = true),
        () => (settled.is = true),
      )
      while (!settled.is) {
        for (let turn = 0; turn < 3; turn++) await macrotask()
        if (!settled.is) advance()
        if (nowMs > limitMs) throw new Error(`${limitMs} ms of virtual time went by`)
      }
      return done
    },
  }
}
