/** Lets a limited number through at once, in the order of their asking. */
export interface Gate {
  /** Resolves to the function that gives the place back; rejects with the signal's reason when aborted before that. */
  enter(signal: AbortSignal): Promise<() => void>
}

/** A gate of `places`. */
export function createGate(places: number): Gate {
  let free = places
  const waiting: (() => void)[] = []
  const leave = () => {
    const next = waiting.shift()
    if (next === undefined) free += 1
    else next()
  }
  return {
    async enter(signal) {
      signal.throwIfAborted()
      if (free > 0) free -= 1
      else await turn(waiting, signal)
      return once(leave)
    },
  }
}

/** One gate of a single place per key; a key's gate is forgotten when nobody is in it. */
export function createKeyedGate(): { enter(key: number | string, signal: AbortSignal): Promise<() => void> } {
  const gates = new Map<number | string, { gate: Gate; users: number }>()
  return {
    async enter(key, signal) {
      const entry = gates.get(key) ?? { gate: createGate(1), users: 0 }
      gates.set(key, entry)
      entry.users += 1
      const forget = () => {
        entry.users -= 1
        if (entry.users === 0) gates.delete(key)
      }
      try {
        const leave = await entry.gate.enter(signal)
        return once(() => {
          leave()
          forget()
        })
      } catch (thrown) {
        forget()
        throw thrown
      }
    },
  }
}

function turn(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = () => {
      signal.removeEventListener('abort', giveUp)
      resolve()
    }
    const giveUp = () => {
      waiting.splice(waiting.indexOf(go), 1)
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- the reason of an abort is whatever its author gave
      reject(signal.reason)
    }
    signal.addEventListener('abort', giveUp, { once: true })
    waiting.push(go)
  })
}

function once(action: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    action()
  }
}
