import { cleanForMs } from '../analysis/live.ts'
import type { Drill } from './drill.ts'
import { firewallsOf } from './drill.ts'
import { latestStates, unsettledReasons } from './settled.ts'

const pollMs = 100
/** A state older than this says nothing about now. */
const freshMs = 2000

/** Waits until the pair is settled; false when it is not within the limit. What was in the way is recorded. */
export async function waitUntilSettled(
  drill: Drill,
  phase: 'before' | 'after',
  withinMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const { clock, recorder, plan } = drill
  const startMs = clock.nowMs()
  const nodes = firewallsOf(drill)
  let told = ''
  for (;;) {
    const states = latestStates(recorder.events, nodes, Math.max(startMs, clock.nowMs() - freshMs))
    const unsettled = unsettledReasons(plan.lab, states)
    const isKnown = states.size === nodes.length
    const state = unsettled.length === 0 ? 'settled' : clock.nowMs() - startMs > withinMs ? 'expired' : 'waiting'
    if (state !== 'waiting' || (isKnown && unsettled.join() !== told)) {
      recorder.record({ type: 'gate', phase, state, unsettled })
      told = unsettled.join()
    }
    if (state !== 'waiting') return state === 'settled'
    await clock.sleep(pollMs, signal)
  }
}

/** Waits until all streams have been clean for as long as the scenario asks; false when they are not within the limit. */
export async function waitForCleanTraffic(drill: Drill, signal: AbortSignal): Promise<boolean> {
  const { clock, recorder, plan } = drill
  const { cleanForMs: wantedMs, settleWithinMs } = plan.scenario.gate
  const startMs = clock.nowMs()
  while (clock.nowMs() - startMs < settleWithinMs) {
    const forMs = cleanForMs(recorder.events, clock.nowMs())
    if (forMs >= wantedMs) {
      recorder.record({ type: 'clean-traffic', sinceMs: clock.nowMs() - forMs, forMs })
      return true
    }
    if (recorder.events.some((event) => event.type === 'stream-failed')) return false
    await clock.sleep(pollMs, signal)
  }
  return false
}
