import type { Fact } from '../model/event.ts'
import { reasonOf } from '../model/failure.ts'
import type { FirewallSource, HaReader, RoleReader } from '../ports/firewall.ts'
import type { Drill } from './drill.ts'

/** One way of asking a firewall again and again: for its whole state, or only for the roles of its VHIDs. */
export interface RoleSource {
  source: FirewallSource
  everyMs: number
  reader: { whole: HaReader } | { roles: RoleReader }
}

/** Used where a drill names no sources of its own. */
const usual = (drill: Drill): RoleSource[] => [{ source: 'ssh', everyMs: 250, reader: { whole: drill.haReader } }]

/**
 * Records what one node says of itself by every source, each on absolute slots of its own with one request in flight, until told to stop.
 * Slots that pass while an answer is awaited are left out, and counted.
 */
export async function watchRoles(drill: Drill, node: string, signal: AbortSignal): Promise<void> {
  const sources = drill.roleSources ?? usual(drill)
  await Promise.all(sources.map((source) => watchSource(drill, node, source, signal)))
}

async function watchSource(drill: Drill, node: string, source: RoleSource, signal: AbortSignal): Promise<void> {
  const { clock } = drill
  const firstMs = clock.nowMs()
  let [slot, skipped] = [0, 0]
  while (!signal.aborted) {
    await sample(drill, node, source, skipped, signal)
    const next = Math.floor((clock.nowMs() - firstMs) / source.everyMs) + 1
    skipped = next - slot - 1
    slot = next
    await clock.sleep(firstMs + slot * source.everyMs - clock.nowMs(), signal).catch(() => {})
  }
}

async function sample(
  drill: Drill,
  node: string,
  { source, reader }: RoleSource,
  skipped: number,
  signal: AbortSignal,
): Promise<void> {
  const { recorder, clock } = drill
  const sentMs = clock.nowMs()
  const about = () => ({ node, source, sentMs, ackedMs: clock.nowMs(), ...(skipped > 0 ? { skipped } : {}) })
  const fact = await ('whole' in reader
    ? reader.whole.read(node, signal).then(
        (state): Fact => ({ type: 'ha-sample', ...about(), state }),
        (error: unknown): Fact => ({ type: 'ha-sample', ...about(), state: null, error: reasonOf(error) }),
      )
    : reader.roles.read(node, signal).then(
        (vhids): Fact => ({ type: 'role-sample', ...about(), vhids }),
        (error: unknown): Fact => ({ type: 'role-sample', ...about(), vhids: null, error: reasonOf(error) }),
      ))
  if (!signal.aborted) recorder.record(fact)
}
