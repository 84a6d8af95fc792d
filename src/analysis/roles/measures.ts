import type { Interval } from '../../model/interval.ts'
import type { Knowledge } from './knowledge.ts'
import type { Span, Spans } from './spans.ts'
import { difference, intersection, lengthOf, union } from './spans.ts'

/** What is known of the two nodes of the pair for one VHID. */
export type PairKnowledge = readonly [Knowledge, Knowledge]

/** Stretches that are so for certain, and those that are so at most. */
export interface Bounds {
  surely: Spans
  atMost: Spans
}

/** When nobody was master. */
export function noMaster(pair: PairKnowledge, window: Spans): Bounds {
  const [one, other] = pair
  return within(window, {
    surely: intersection(one.other, other.other),
    atMost: difference(window, union([...one.master, ...other.master])),
  })
}

/** When both were: split brain. */
export function dualMaster([one, other]: PairKnowledge, window: Spans): Bounds {
  return within(window, {
    surely: intersection(one.master, other.master),
    atMost: difference(window, union([...one.other, ...other.other])),
  })
}

/** When one node alone was master of one VHID, and the other node alone of another one. */
export function mixedRole(vhids: readonly PairKnowledge[], window: Spans): Bounds {
  const alone = vhids.map((pair) => [aloneIn(pair, 0, window), aloneIn(pair, 1, window)] as const)
  const parted = alone.flatMap(([first], index) =>
    alone.flatMap(([, second], other) =>
      index === other
        ? []
        : [
            {
              surely: intersection(first.surely, second.surely),
              atMost: intersection(first.atMost, second.atMost),
            },
          ],
    ),
  )
  return anyOf(parted)
}

/** When any of several is so. */
export const anyOf = (bounds: readonly Bounds[]): Bounds => ({
  surely: union(bounds.flatMap(({ surely }) => surely)),
  atMost: union(bounds.flatMap(({ atMost }) => atMost)),
})

/** The length of it, ms, as an interval that holds the truth. */
export const intervalOf = ({ surely, atMost }: Bounds): Interval => ({
  low: lengthOf(surely),
  high: Math.max(lengthOf(surely), lengthOf(atMost)),
})

function aloneIn(pair: PairKnowledge, index: 0 | 1, window: Spans): Bounds {
  const [own, peer] = [pair[index], pair[1 - index] ?? pair[index]]
  return within(window, {
    surely: intersection(own.master, peer.other),
    atMost: difference(window, union([...own.other, ...peer.master])),
  })
}

const within = (window: readonly Span[], { surely, atMost }: Bounds): Bounds => ({
  surely: intersection(surely, window),
  atMost: intersection(atMost, window),
})
