import { nowMs } from './clock.mjs'

/**
 * Calls `onSlot(k)` at `firstMs + k * everyMs`, on absolute deadlines, never early. Slots that are more than `patienceMs`
 * late, as after a stall of the machine, are skipped instead of sent in a burst. Returns a function that stops it.
 * @param {number} firstMs
 * @param {number} everyMs
 * @param {number} patienceMs
 * @param {(slot: number) => void} onSlot
 */
export function pace(firstMs, everyMs, patienceMs, onSlot) {
  let slot = 0
  const course = { isOver: false }
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  const wait = () => {
    timer = setTimeout(run, Math.max(1, Math.ceil(firstMs + slot * everyMs - nowMs())))
  }
  const run = () => {
    slot = Math.max(slot, Math.ceil((nowMs() - patienceMs - firstMs) / everyMs))
    while (!course.isOver && firstMs + slot * everyMs <= nowMs()) onSlot(slot++)
    if (!course.isOver) wait()
  }
  wait()
  return () => {
    course.isOver = true
    clearTimeout(timer)
  }
}
