import type { EventOf } from '../../model/event.ts'
import type { Facts } from '../facts.ts'
import type { Sighting } from './knowledge.ts'

/** The way in of samples that name none: older recordings, which asked over SSH only. */
export const usualSource = 'ssh'

/** One answered reading of one node. */
interface Reading {
  node: string
  source: string
  sentMs: number
  ackedMs: number
  vhids: { vhid: number; state: string }[]
}

/** What each way in has told of a node's VHID, by the way's name. A node that does not answer tells nothing. */
export function polledSightings(facts: Facts, node: string, vhid: number): Map<string, Sighting[]> {
  const own = readingsOf(facts).filter((reading) => reading.node === node)
  return new Map(
    [...Map.groupBy(own, ({ source }) => source)].map(([source, readings]) => [
      source,
      readings.map(({ sentMs, ackedMs, vhids }) => ({
        fromMs: sentMs,
        toMs: ackedMs,
        isMaster: vhids.some((one) => one.vhid === vhid && one.state === 'MASTER'),
      })),
    ]),
  )
}

/** How each node was asked: the ways in, and how often. */
export function pollingOf(facts: Facts): { source: string; readings: number; unanswered: number; skipped: number }[] {
  const polls = [...facts.of('ha-sample'), ...facts.of('role-sample')]
  return [...Map.groupBy(polls, ({ source = usualSource }) => source)].map(([source, own]) => ({
    source,
    readings: own.length,
    unanswered: own.filter((poll) => isUnanswered(poll)).length,
    skipped: own.reduce((sum, { skipped = 0 }) => sum + skipped, 0),
  }))
}

const isUnanswered = (poll: EventOf<'ha-sample' | 'role-sample'>): boolean =>
  poll.type === 'ha-sample' ? poll.state === null : poll.vhids === null

function readingsOf(facts: Facts): Reading[] {
  const polls = [...facts.of('ha-sample'), ...facts.of('role-sample')]
  return polls.flatMap((poll) => {
    const vhids = poll.type === 'ha-sample' ? poll.state?.vhids : poll.vhids
    const { node, source = usualSource, sentMs, ackedMs } = poll
    return vhids === undefined || vhids === null || ackedMs < sentMs ? [] : [{ node, source, sentMs, ackedMs, vhids }]
  })
}
