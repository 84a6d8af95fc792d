import { setTimeout as sleep } from 'node:timers/promises'

/** A VM's lock file: one operation at a time, the others wait for their turn until their patience ends. */
export type FileLock = {
  /** Runs `work` alone. Rejects with Proxmox VE's text when the lock is not free within `patienceMs`. */
  hold: <Result>(work: () => Promise<Result> | Result, patienceMs?: number) => Promise<Result>
  /** Resolves when nobody holds it or waits for it. */
  idle: () => Promise<void>
}

/** What Proxmox VE waits for a VM's lock file. */
const defaultPatienceMs = 10_000

/** The lock file of a VM. */
export function createFileLock(vmid: number): FileLock {
  let last: Promise<unknown> = Promise.resolve()
  const hold: FileLock['hold'] = async (work, patienceMs = defaultPatienceMs) => {
    const before = last
    const turn = Promise.withResolvers<void>()
    last = before.then(() => turn.promise)
    const gaveUp = new AbortController()
    const isFree = await Promise.race([
      before.then(() => true),
      sleep(patienceMs, false, { signal: gaveUp.signal, ref: false }).catch(() => false),
    ])
    gaveUp.abort()
    try {
      if (!isFree) throw new Error(`can't lock file '/var/lock/qemu-server/lock-${vmid}.conf' - got timeout`)
      return await work()
    } finally {
      turn.resolve()
    }
  }
  return { hold, idle: async () => void (await last) }
}
