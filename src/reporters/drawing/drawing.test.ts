import { expect, it } from 'vitest'
import type { SessionTrace, Timeline } from '../../model/result.ts'
import { failingResult, passingResult } from '../fixture/result.ts'
import { drawTimeline } from './drawing.ts'
import { palette } from './palette.ts'
import { wholeView } from './view.ts'

const draw = (timeline: Timeline): string => drawTimeline(timeline, wholeView(timeline), 'label')

it('marks every lost probe, at any probe interval', () => {
  for (const everyMs of [200, 7]) {
    const { timeline } = passingResult(everyMs)
    const lost = timeline.streams[0]?.probes.filter((probe) => probe.class === 'lost').length
    const marks = pathIn(draw(timeline), palette.lost, '1.5').match(/M/g)
    expect(marks).toHaveLength(lost ?? 0)
  }
})

it('labels steps, roles, the outage and the silence', () => {
  const svg = draw(passingResult().timeline)
  for (const words of [
    'failover: fault vm-stop on fw1 ($master)',
    'failback: heal of failover on fw1',
    'fw1 VHID 1',
    'MASTER',
    'unreachable',
    '17 lost: outage 3.40 s ± 0.20 s',
    'silent 3.60 s',
  ])
    expect(svg).toContain(`>${words}<`)
})

it('says why a session broke', () => {
  expect(draw(failingResult().timeline)).toContain('reset: connection reset by the far side')
})

it('draws the sessions that suffered most where there are many', () => {
  const { timeline } = passingResult()
  const sessions = Array.from({ length: 5000 }, (_, session) => lived(session, session === 4321 ? 7000 : 3600))
  const svg = draw({
    ...timeline,
    streams: timeline.streams.map((stream) => (stream.name === 'held' ? { ...stream, sessions } : stream)),
  })
  expect(svg).toContain('worst 4 of 5000')
  expect(svg).toContain('>session 4321<')
  expect(svg).toContain('>4996 others<')
  expect(svg.length).toBeLessThan(60_000)
})

it('draws those that broke first, and a drawing of thousands is no longer for it', () => {
  const { timeline } = passingResult()
  const broken = (session: number): SessionTrace => ({ ...lived(session, 900), verdicts: { failover: 'hung' } })
  const sessions = Array.from({ length: 5000 }, (_, session) => (session % 2 ? broken(session) : lived(session, 3600)))
  const svg = draw({
    ...timeline,
    streams: timeline.streams.map((stream) => (stream.name === 'held' ? { ...stream, sessions } : stream)),
  })
  expect(svg).toContain('worst 30 of 5000')
  expect(svg).toContain('>session 1<')
  expect(svg).not.toContain('>session 2<')
  expect(svg.length).toBeLessThan(80_000)
})

it('draws an empty timeline', () => {
  expect(draw({ endMs: 1000, streams: [], roles: [], steps: [] })).toMatch(/^<svg role="img" aria-label="label"/)
})

const lived = (session: number, stallMs: number): SessionTrace => ({
  session,
  openedMs: 4100,
  closedMs: null,
  closeCause: null,
  stalls: [{ fromMs: 20_000, toMs: 20_000 + stallMs }],
  verdicts: { failover: 'survived' },
})

/** The data of the path with most pieces among those of a colour and width. */
function pathIn(svg: string, colour: string, width: string): string {
  const paths = [...svg.matchAll(/<path d="([^"]*)"[^>]*stroke="([^"]*)" stroke-width="([^"]*)"/g)]
  const data = paths.flatMap(([, pieces = '', stroke, wide]) => (stroke === colour && wide === width ? [pieces] : []))
  return data.toSorted((left, right) => right.length - left.length)[0] ?? ''
}
