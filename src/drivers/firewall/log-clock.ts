import type { Clock } from '../../ports/clock.ts'
import type { LogClock } from '../../ports/firewall.ts'
import type { RequestInterval } from '../../ports/hypervisor.ts'
import { refusal } from './refusal.ts'

/** A node's clock as it was read within the interval: it showed `wallMs`, which counts in steps of `resolutionMs`. */
export interface WallReading extends RequestInterval {
  wallMs: number
  resolutionMs: number
}

/** Where the harness's 0 may lie on the node's clock, ms. */
interface Zero {
  lowMs: number
  highMs: number
}

const mostReadings = 14

/** Everything that agrees with one reading: the clock showed `wallMs` at some moment between request and reply. */
const zeroOf = ({ wallMs, resolutionMs, sentMs, ackedMs }: WallReading): Zero => ({
  lowMs: wallMs - ackedMs,
  highMs: wallMs + resolutionMs - sentMs,
})

/** What agrees with both; null where nothing does, because one of the clocks was set in between. */
function narrow(one: Zero, other: Zero): Zero | null {
  const both = { lowMs: Math.max(one.lowMs, other.lowMs), highMs: Math.min(one.highMs, other.highMs) }
  return both.lowMs <= both.highMs ? both : null
}

/**
 * Relates a node's clock to the harness's. A clock of whole seconds is read where its next step would fall if the middle of what is
 * possible were true, so that each reading halves it, until a reading takes longer than what is left.
 */
export async function measureLogClock(
  read: (signal: AbortSignal) => Promise<WallReading>,
  clock: Clock,
  signal: AbortSignal,
): Promise<LogClock> {
  let reading = await read(signal)
  let zero = zeroOf(reading)
  for (let count = 1; count < mostReadings && zero.highMs - zero.lowMs > 2 * tripOf(reading); count += 1) {
    await clock.sleep(untilStep(zero, reading, clock.nowMs()), signal)
    reading = await read(signal)
    const narrowed = narrow(zero, zeroOf(reading))
    if (narrowed === null)
      throw refusal('not-understood', 'expected the clock of the node to go on steadily, it was set just now')
    zero = narrowed
  }
  return { zeroMs: (zero.lowMs + zero.highMs) / 2, boundMs: (zero.highMs - zero.lowMs) / 2 }
}

const tripOf = ({ sentMs, ackedMs }: WallReading) => Math.max(ackedMs - sentMs, 1)

/** How long to wait, so that the middle of the next request meets the step of the clock. */
function untilStep(zero: Zero, reading: WallReading, nowMs: number): number {
  const startMs = nowMs + tripOf(reading) / 2
  const wallMs = startMs + (zero.lowMs + zero.highMs) / 2
  return Math.ceil(wallMs / reading.resolutionMs) * reading.resolutionMs - wallMs
}
