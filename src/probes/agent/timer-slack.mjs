import { readlinkSync, writeFileSync } from 'node:fs'

/**
 * Lets the kernel wake the calling thread when its time has come. Otherwise it may take 0.05 ms longer, to wake several at once
 * (timer slack, PR_SET_TIMERSLACK in prctl(2)). False where that is not allowed, or not Linux.
 */
export function wakeOnTime() {
  try {
    const thread = readlinkSync('/proc/thread-self').split('/').at(-1)
    writeFileSync(`/proc/${thread}/timerslack_ns`, '1')
    return true
  } catch {
    return false
  }
}
