import { expect, test } from 'vitest'
import type { StepCounts } from '../../model/packet-trace.ts'
import { passingResult } from '../fixture/result.ts'
import { renderHtml } from './page.ts'

const counts: StepCounts = {
  step: 'failover',
  probes: 900,
  lost: 17,
  late: 4,
  unsent: 0,
  missed: 1,
  duplicates: 2,
  reordered: 3,
  lostThere: 12,
  lostBack: 4,
  isFlapping: true,
  bufferedMs: 840,
}

/** The page of a drill whose first stream counted so. */
function pageWith(steps: StepCounts[]): string {
  const result = passingResult()
  const streams = result.timeline.streams.map((stream, index) =>
    index === 0
      ? { ...stream, steps, counts: { ...counts, stale: 5 }, latenessMs: { p50: 0.021, p99: 1.5, max: 12.2 } }
      : stream,
  )
  return renderHtml({ ...result, timeline: { ...result.timeline, streams } })
}

test('the page counts the probes of each step, with ways, slots, duplicates and what to mind', () => {
  const page = pageWith([counts]).replaceAll(/\s+/g, ' ')

  expect(page).toContain('<h2>Probes</h2>')
  for (const words of [
    '17 (12 there, 4 back, 1 not known)',
    'flapping; answers buffered or late: 840 ms of silence',
    'by 0.021 ms (half of the probes), 1.5 ms (99 %), 12 ms at most. 5 answers belonged to another run or stream.',
  ])
    expect(page).toContain(words)
})

test('a slot without a probe is drawn and counted as missed', () => {
  const result = passingResult()
  const missed = { seq: 1, atMs: result.timeline.endMs - 9000, rttMs: null, class: 'missed' as const }
  const streams = result.timeline.streams.map((stream) => ({ ...stream, probes: [...stream.probes, missed] }))

  expect(renderHtml({ ...result, timeline: { ...result.timeline, streams } })).toContain('1 missed')
  expect(renderHtml(result)).not.toContain('1 missed')
})

test('without packet streams, or from a reflector that does not count, nothing is made up', () => {
  expect(pageWith([])).not.toContain('<h2>Probes</h2>')
  expect(pageWith([{ ...counts, lostThere: null, lostBack: null }])).not.toContain('there,')
})
