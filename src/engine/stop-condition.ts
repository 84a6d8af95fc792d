import type { Stop } from '../model/scenario.ts'
import type { Drill } from './drill.ts'
import type { Halt } from './halt.ts'

const pollMs = 200

/** The conditions of the scenario and of the target: a stream that has had no answer for too long halts the drill. */
const stopsOf = ({ plan, stops }: Drill): readonly Stop[] => [...(plan.scenario.stop ?? []), ...(stops ?? [])]

/** Looks until the signal says so; halts once at most. */
export async function watchStops(drill: Drill, halt: Halt, signal: AbortSignal): Promise<void> {
  const { clock, traffic } = drill
  while (!signal.aborted) {
    const met = stopsOf(drill).find(({ probe, silentForMs }) => traffic.silentForMs(probe, clock.nowMs()) > silentForMs)
    if (met !== undefined)
      return halt.because(`stop condition: ${met.probe} has had no answer for ${met.silentForMs / 1000} s`)
    await clock.sleep(pollMs, signal).catch(() => {})
  }
}
