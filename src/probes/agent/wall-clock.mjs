import { nowMs } from './clock.mjs'

const attempts = 20
const exactEnoughMs = 0.02
const longestSearchMs = 3

/**
 * What must be added to the monotonic clock to get wall time, ms, and how far that may be off. Node shows wall time in whole milliseconds
 * only, so this watches for the moment at which it ticks over: exact to a few microseconds, after at most 1 ms of spinning. Where the
 * machine takes the processor away meanwhile, the search is repeated, and what it cannot know is said in `widthMs`.
 */
export function wallOffset() {
  let best = tick()
  for (let attempt = 1; attempt < attempts && best.widthMs > exactEnoughMs; attempt += 1) {
    const found = tick()
    if (found.widthMs < best.widthMs) best = found
  }
  return best
}

/** The clock ticked over after the last look that showed the old time had begun, and before the first that showed the new one was over. */
function tick() {
  const started = nowMs()
  const wall = Date.now()
  let [before, between] = [started, nowMs()]
  for (;;) {
    const shown = Date.now()
    const after = nowMs()
    if (shown !== wall) return { widthMs: after - before, offsetMs: shown - (before + after) / 2 }
    if (after - started > longestSearchMs)
      return { widthMs: after - started + 1, offsetMs: wall + 0.5 - (started + after) / 2 }
    before = between
    between = after
  }
}
