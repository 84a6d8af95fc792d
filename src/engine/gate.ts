import type { Drill } from './drill.ts'
import { firewallsOf } from './drill.ts'
import { reasonOf } from '../model/failure.ts'
import { pairView } from './pair-view.ts'
import { unsettledReasons } from './settled.ts'

const pollMs = 100
/** A state older than this says nothing about now. */
const freshMs = 3000
/** State tables are read this often while a gate waits. */
const syncEveryMs = 1000

/** What a gate waits for, how long, and when in the drill. */
interface Gate {
  phase: 'before' | 'after'
  withinMs: number
  /** Whether traffic flows, so that states must be shared. */
  hasTraffic: boolean
}

/** Waits until the pair is settled; false when it is not within the limit. What was in the way is recorded. */
export async function waitUntilSettled(drill: Drill, gate: Gate, signal: AbortSignal): Promise<boolean> {
  return await whileWatchingTables(drill, gate.hasTraffic, signal, () => wait(drill, gate, signal))
}

async function wait(drill: Drill, gate: Gate, signal: AbortSignal): Promise<boolean> {
  const { clock, recorder } = drill
  const { phase, withinMs } = gate
  const startMs = clock.nowMs()
  let told = ''
  for (;;) {
    const { isKnown, unsettled } = lookAt(drill, Math.max(startMs, clock.nowMs() - freshMs), gate.hasTraffic)
    const state = unsettled.length === 0 ? 'settled' : clock.nowMs() - startMs > withinMs ? 'expired' : 'waiting'
    if (state !== 'waiting' || (isKnown && unsettled.join() !== told)) {
      recorder.record({ type: 'gate', phase, state, unsettled })
      told = unsettled.join()
    }
    if (state !== 'waiting') return state === 'settled'
    await clock.sleep(pollMs, signal)
  }
}

/** `isKnown`: every firewall has been asked since. */
function lookAt(drill: Drill, sinceMs: number, hasTraffic: boolean): { isKnown: boolean; unsettled: string[] } {
  const nodes = firewallsOf(drill)
  const { syncs, ...view } = pairView(drill.recorder.events, nodes, sinceMs)
  const mustShare = hasTraffic && sharesStates(drill)
  const unread = mustShare ? nodes.filter((node) => syncs?.has(node) !== true) : []
  const unsettled = [
    ...unsettledReasons(drill.plan.lab, mustShare ? { ...view, syncs } : view),
    ...unread.map((node) => `the state table of ${node} has not been read`),
  ]
  return { isKnown: view.states.size === nodes.length, unsettled }
}

async function whileWatchingTables<T>(
  drill: Drill,
  hasTraffic: boolean,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const done = new AbortController()
  const until = AbortSignal.any([signal, done.signal])
  if (hasTraffic) for (const node of firewallsOf(drill)) void watchStateSync(drill, node, until)
  try {
    return await work()
  } finally {
    done.abort()
  }
}

/** State tables count only where the pair is to share them, and where they can be read. */
const sharesStates = ({ plan, stateSync }: Drill): boolean =>
  stateSync !== undefined && plan.lab.pair.stateSync !== undefined

async function watchStateSync(drill: Drill, node: string, signal: AbortSignal): Promise<void> {
  const { stateSync, recorder, clock } = drill
  if (stateSync === undefined || !sharesStates(drill)) return
  let isSilent = false
  while (!signal.aborted) {
    try {
      const { sentMs, ackedMs, states, counters: _counters, ...rest } = await stateSync.read(node, signal)
      const told = { ...rest, states: states.current }
      if (!signal.aborted) recorder.record({ type: 'sync-sample', node, sentMs, ackedMs, ...told })
    } catch (error) {
      if (!signal.aborted && !isSilent)
        recorder.record({ type: 'problem', where: `state sync of ${node}`, message: reasonOf(error) })
      isSilent = true
    }
    await clock.sleep(syncEveryMs, signal).catch(() => {})
  }
}

/** Waits until all streams have been clean for as long as the scenario asks, and the pair shares their states; false when that is not within the limit. */
export async function waitForCleanTraffic(drill: Drill, signal: AbortSignal): Promise<boolean> {
  return await whileWatchingTables(drill, true, signal, () => waitForClean(drill, signal))
}

async function waitForClean(drill: Drill, signal: AbortSignal): Promise<boolean> {
  const { clock, recorder, plan, traffic } = drill
  const { cleanForMs: wantedMs, settleWithinMs } = plan.scenario.gate
  const startMs = clock.nowMs()
  let told = ''
  while (clock.nowMs() - startMs < settleWithinMs) {
    const forMs = traffic.cleanForMs(clock.nowMs())
    const isClean = forMs >= wantedMs && traffic.unclean(clock.nowMs(), wantedMs).length === 0
    const { unsettled } = lookAt(drill, clock.nowMs() - freshMs, true)
    if (isClean && unsettled.length === 0) {
      if (told !== '') recorder.record({ type: 'gate', phase: 'before', state: 'settled', unsettled })
      recorder.record({ type: 'clean-traffic', sinceMs: clock.nowMs() - forMs, forMs })
      return true
    }
    if (isClean && unsettled.join() !== told) {
      recorder.record({ type: 'gate', phase: 'before', state: 'waiting', unsettled })
      told = unsettled.join()
    }
    if (recorder.events.some((event) => event.type === 'stream-failed')) return false
    await clock.sleep(pollMs, signal)
  }
  const unclean = traffic.unclean(clock.nowMs(), wantedMs).join(', ')
  const message = `expected every stream to be clean for ${wantedMs} ms before the fault, ${unclean} never ${unclean.includes(',') ? 'were' : 'was'}`
  if (unclean !== '') recorder.record({ type: 'problem', where: 'traffic', message })
  return false
}
