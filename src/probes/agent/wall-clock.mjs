import { nowMs } from './clock.mjs'

const longestSearchMs = 3

/**
 * What must be added to the monotonic clock to get wall time, ms. Node shows wall time in whole milliseconds only,
 * so this watches for the moment at which it ticks over: exact to a few microseconds, after at most 1 ms of spinning.
 */
export function wallOffsetMs() {
  let best = { widthMs: Infinity, offsetMs: 0 }
  for (let attempt = 0; attempt < 3 && best.widthMs > 0.02; attempt += 1) {
    const found = tick()
    if (found.widthMs < best.widthMs) best = found
  }
  return best.offsetMs
}

function tick() {
  const started = nowMs()
  const wall = Date.now()
  let before = started
  for (;;) {
    const shown = Date.now()
    const after = nowMs()
    if (shown !== wall) return { widthMs: after - before, offsetMs: shown - (before + after) / 2 }
    if (after - started > longestSearchMs) return { widthMs: 1, offsetMs: wall + 0.5 - (started + after) / 2 }
    before = after
  }
}
