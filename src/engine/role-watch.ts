import { reasonOf } from '../model/failure.ts'
import type { Drill } from './drill.ts'

const everyMs = 250

/** Records one node's high-availability state on absolute slots, one request in flight, until told to stop. Slots missed while waiting are skipped. */
export async function watchRoles(drill: Drill, node: string, signal: AbortSignal): Promise<void> {
  const { clock } = drill
  const firstMs = clock.nowMs()
  while (!signal.aborted) {
    await sampleState(drill, node, signal)
    const slot = Math.floor((clock.nowMs() - firstMs) / everyMs) + 1
    await clock.sleep(firstMs + slot * everyMs - clock.nowMs(), signal).catch(() => {})
  }
}

async function sampleState({ haReader, recorder, clock }: Drill, node: string, signal: AbortSignal): Promise<void> {
  const sentMs = clock.nowMs()
  const answer = await haReader.read(node, signal).then(
    (state) => ({ state }),
    (error: unknown) => ({ state: null, error: reasonOf(error) }),
  )
  if (!signal.aborted) recorder.record({ type: 'ha-sample', node, sentMs, ackedMs: clock.nowMs(), ...answer })
}
