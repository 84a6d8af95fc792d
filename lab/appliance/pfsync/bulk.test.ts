import { describe, expect, it } from 'vitest'
import { type Bulk, type BulkEvent, idleBulk, stepBulk } from './bulk.ts'

/** Runs events at their instants, timers in between; what was done comes back as `<s> <what>`. */
function play(...events: [number, BulkEvent][]): string[] {
  let bulk: Bulk = idleBulk
  const done: string[] = []
  const step = (event: BulkEvent, nowMs: number) => {
    const next = stepBulk(bulk, event, nowMs)
    bulk = next.bulk
    for (const effect of next.effects) {
      done.push(`${nowMs / 1000} ${effect.kind === 'request' ? 'request' : `${effect.sign * 240} ${effect.reason}`}`)
    }
  }
  for (const [atMs, event] of events) {
    while (bulk.dueMs !== undefined && bulk.dueMs <= atMs) step('timer', bulk.dueMs)
    step(event, atMs)
  }
  return done
}

describe('a bulk update', () => {
  it('demotes, asks, and is done when the peer has sent all', () => {
    expect(play([0, 'begin'], [10, 'announced'], [400, 'end'])).toEqual([
      '0 240 pfsync bulk start',
      '0 request',
      '0.4 -240 pfsync bulk done',
    ])
  })

  it('fails 65 s after it began if the peer stays silent, having asked every 5 s', () => {
    const done = play([0, 'begin'], [70_000, 'timer'])
    expect(done).toHaveLength(15)
    expect(done.slice(0, 4)).toEqual(['0 240 pfsync bulk start', '0 request', '5 request', '10 request'])
    expect(done.slice(-2)).toEqual(['60 request', '65 -240 pfsync bulk fail'])
  })

  it('is asked for again as soon as a peer that was not there yet asks for ours', () => {
    expect(
      play([0, 'begin'], [1200, 'peerRequest'], [1210, 'announced'], [1300, 'peerRequest'], [1400, 'end']),
    ).toEqual(['0 240 pfsync bulk start', '0 request', '1.2 request', '1.4 -240 pfsync bulk done'])
  })

  it('demotes once, however often it is set off', () => {
    expect(play([0, 'begin'], [1000, 'begin'], [1100, 'announced'], [1200, 'end'], [1300, 'end'])).toEqual([
      '0 240 pfsync bulk start',
      '0 request',
      '1 request',
      '1.2 -240 pfsync bulk done',
    ])
  })

  it('takes no end whose beginning it has not seen', () => {
    expect(play([0, 'begin'], [100, 'end'])).toHaveLength(2)
  })
})
