import type { Flavour } from '../config.ts'

/**
 * The bulk update of a node that comes up, as in if_pfsync.c: a request, tried again every 5 s, given up after the
 * first try and 12 more. Meanwhile the node is demoted and `syncok` is 0.
 */
export type Bulk = {
  /** `syncok`: no bulk update is under way. */
  ok: boolean
  tries: number
  /** Whether the peer has answered the request with the beginning of its bulk. */
  announced: boolean
  dueMs: number | undefined
}

/** What happens to a bulk update. `peerRequest` is the peer asking for ours, a sign that it has just come up. */
export type BulkEvent = 'begin' | 'announced' | 'end' | 'peerRequest' | 'timer'

/** What to do about it, in order. */
type BulkEffect = { kind: 'demote'; sign: 1 | -1; reason: string } | { kind: 'request' }

/** The next state and what to do. */
export type BulkStep = { bulk: Bulk; effects: BulkEffect[] }

/** Nothing under way. */
export const idleBulk: Bulk = { ok: true, tries: 0, announced: false, dueMs: undefined }

const retryMs = 5000
const maxRetries = 12
const request: BulkEffect = { kind: 'request' }

/** `net.pfsync.carp_demotion_factor`: pfSense does not demote itself for a bulk update. */
export function demotionFactorOf(flavour: Flavour): number {
  return flavour === 'pfsense' ? 0 : 240
}

/** Applies one event at one instant. Pure. */
export function stepBulk(bulk: Bulk, event: BulkEvent, nowMs: number): BulkStep {
  if (event === 'begin') return begin(bulk, nowMs)
  if (bulk.ok) return { bulk, effects: [] }
  if (event === 'announced') {
    return { bulk: { ...bulk, announced: true, tries: 0, dueMs: nowMs + retryMs }, effects: [] }
  }
  // FreeBSD ignores an end whose beginning it has not seen.
  if (event === 'end') return bulk.announced ? finish('pfsync bulk done') : { bulk, effects: [] }
  // Not in FreeBSD, which would wait for the next 5 s: a peer that has just come up missed our first request.
  if (event === 'peerRequest') return { bulk, effects: bulk.announced ? [] : [request] }
  if (bulk.dueMs === undefined || bulk.dueMs > nowMs) return { bulk, effects: [] }
  if (bulk.tries >= maxRetries) return finish('pfsync bulk fail')
  return { bulk: { ...bulk, tries: bulk.tries + 1, dueMs: nowMs + retryMs }, effects: [request] }
}

function begin(bulk: Bulk, nowMs: number): BulkStep {
  const demote: BulkEffect = { kind: 'demote', sign: 1, reason: 'pfsync bulk start' }
  const next = { ok: false, tries: 0, announced: false, dueMs: nowMs + retryMs }
  return { bulk: next, effects: bulk.ok ? [demote, request] : [request] }
}

function finish(reason: string): BulkStep {
  return { bulk: idleBulk, effects: [{ kind: 'demote', sign: -1, reason }] }
}
