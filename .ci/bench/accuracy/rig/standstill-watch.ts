/**
 * Sleeps for a millisecond at a time, before everyone else on its processor, until its standard input ends; then prints when it was woken too late,
 * as JSON. Nobody but the machine below this one can have held it up.
 */
import { lightClock } from '../../../../src/probes/agent/clock.mjs'
import { wakeOnTime } from '../../../../src/probes/agent/timer-slack.mjs'

const everyMs = 1
/** Waking takes a part of this; more is time that was taken away, ms. */
const quickMs = 0.3
const never = new Int32Array(new SharedArrayBuffer(4))

const nowMs = lightClock()
const lateness: [fromMs: number, toMs: number][] = []
let isOver = false
wakeOnTime()
process.stdin.on('end', () => (isOver = true)).resume()
watch()

/** Ten sleeps in a row, then a look at the standard input. */
function watch(): void {
  for (let turn = 0; turn < 10; turn += 1) {
    const dueMs = nowMs() + everyMs
    Atomics.wait(never, 0, 0, everyMs)
    const wokenMs = nowMs()
    if (wokenMs - dueMs > quickMs) lateness.push([dueMs, wokenMs])
  }
  if (isOver) process.stdout.write(JSON.stringify(lateness))
  else setImmediate(watch)
}
