/** Runs at most so many jobs at a time, in the order in which they came. */
export interface Slots {
  run<T>(job: () => Promise<T>): Promise<T>
}

/** Opens `count` slots. */
export function openSlots(count: number): Slots {
  const waiting: (() => void)[] = []
  let free = count
  const take = () => {
    if (free > 0) free--
    else return new Promise<void>((resolve) => waiting.push(resolve))
    return Promise.resolve()
  }
  const give = () => {
    const next = waiting.shift()
    if (next === undefined) free++
    else next()
  }
  return {
    async run(job) {
      await take()
      try {
        return await job()
      } finally {
        give()
      }
    },
  }
}
