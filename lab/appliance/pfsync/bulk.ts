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
export type BulkEffect = { kind: 'demote'; by: number; reason: string } | { kind: 'request' }

export const idleBulk: Bulk = { ok: true, tries: 0, announced: false, dueMs: undefined }

const retryMs = 5000
const maxRetries = 12

/** Applies one event at one instant; `factor` is `net.pfsync.carp_demotion_factor`. Pure. */
export function stepBulk(
  bulk: Bulk,
  event: BulkEvent,
  nowMs: number,
  factor = 240,
): { bulk: Bulk; effects: BulkEffect[] } {
  const ask: BulkEffect = { kind: 'request' }
  if (event === 'begin') {
    const demote: BulkEffect[] = bulk.ok ? [{ kind: 'demote', by: factor, reason: 'pfsync bulk start' }] : []
    return { bulk: { ok: false, tries: 0, announced: false, dueMs: nowMs + retryMs }, effects: [...demote, ask] }
  }
  if (bulk.ok) return { bulk, effects: [] }
  const finish = (reason: string) => ({ bulk: idleBulk, effects: [{ kind: 'demote' as const, by: -factor, reason }] })
  switch (event) {
    case 'announced':
      return { bulk: { ...bulk, announced: true, tries: 0, dueMs: nowMs + retryMs }, effects: [] }
    case 'end':
      // FreeBSD ignores an end whose beginning it has not seen.
      return bulk.announced ? finish('pfsync bulk done') : { bulk, effects: [] }
    case 'peerRequest':
      // Not in FreeBSD, which would wait for the next 5 s: a peer that has just come up missed our first request.
      return { bulk, effects: bulk.announced ? [] : [ask] }
    case 'timer': {
      if (bulk.dueMs === undefined || bulk.dueMs > nowMs) return { bulk, effects: [] }
      if (bulk.tries >= maxRetries) return finish('pfsync bulk fail')
      return { bulk: { ...bulk, tries: bulk.tries + 1, dueMs: nowMs + retryMs }, effects: [ask] }
    }
  }
}
