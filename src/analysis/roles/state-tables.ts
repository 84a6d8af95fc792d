import type { EventOf } from '../../model/event.ts'
import type { RoleSources } from '../../model/result.ts'
import type { Facts } from '../facts.ts'

type Sample = EventOf<'sync-sample'>

/** Two readings closer than this say nothing about a rate, ms. */
const shortestMs = 1000

/** What the state table of each node held when it was last read, and how fast states were made meanwhile. */
export function stateTablesOf(facts: Facts): NonNullable<RoleSources['tables']> {
  return [...Map.groupBy(facts.of('sync-sample'), ({ node }) => node)].flatMap(([node, samples]) => {
    const last = samples.at(-1)
    if (last === undefined) return []
    const { states, creatorIds, syncOk } = last
    return [{ node, states, madePerSecond: rateOf(samples), creatorIds, syncOk }]
  })
}

/** Over the last stretch in which the counter only grew: it begins anew with the node. Null where that is too short, or nothing was told. */
function rateOf(samples: readonly Sample[]): number | null {
  const fresh = samples.findLastIndex((sample, index) => madeBy(sample) < madeBy(samples[index - 1]))
  const stretch = samples.slice(Math.max(0, fresh)).filter((sample) => madeBy(sample) >= 0)
  const [first, last] = [stretch[0], stretch.at(-1)]
  if (first === undefined || last === undefined) return null
  const ms = last.ackedMs - first.ackedMs
  return ms < shortestMs ? null : ((madeBy(last) - madeBy(first)) * 1000) / ms
}

const madeBy = (sample: Sample | undefined): number => sample?.inserts ?? -1
