import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SessionTrace } from '../../model/result.ts'
import { failingResult, namedResult, passingResult, unknownResult } from '../fixture/result.ts'
import { renderHtml } from './page.ts'

describe('the page stands alone', () => {
  const page = renderHtml(passingResult())

  it('has no script, no event handler and no request', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=|javascript:/i)
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/)
  })

  it('is the same text each time', () => {
    expect(renderHtml(passingResult())).toBe(page)
  })
})

describe('the page explains itself', () => {
  it('says the verdict in words and shape, the question and the definitions', () => {
    const page = renderHtml(passingResult())
    expect(page).toMatch(/<section class="verdict pass"[\s\S]*<svg class="icon"[\s\S]*<b>pass<\/b>/)
    for (const words of [
      'Does the backup take over',
      '<dt>Outage</dt>',
      '<dt>Takeover</dt>',
      '<dt>Stall</dt>',
      '<q>I saw only one dropped packet</q>',
      'Recording SHA-256',
    ])
      expect(page).toContain(words)
  })

  it('says what red means where the drill is red, with what failed before the drawing', () => {
    const page = renderHtml(failingResult())
    expect(page).toContain('What red means here:')
    expect(page.indexOf('session 1 was reset 4.10 s')).toBeLessThan(page.indexOf('What happened'))
  })

  it('never says of a drill without probes that no probe was impaired', () => {
    const page = renderHtml(unknownResult())
    expect(page).toContain('no probe was recorded')
    expect(page).not.toContain('no probe was impaired')
  })
})

it('says so where there is nothing to draw', () => {
  const page = renderHtml({ ...unknownResult(), timeline: { endMs: 1000, streams: [], roles: [], steps: [] } })
  expect(page).toContain('there is nothing to draw')
})

it('names the worst few findings first and counts the rest', () => {
  const failing = failingResult()
  const findings = [...Array.from({ length: 9 }, () => unknownResult().findings).flat(), ...failing.findings]
  const page = renderHtml({ ...failing, findings })
  expect(page).toContain('and 6 more below')
  expect(page.indexOf('0 (session 1 was reset')).toBeLessThan(page.indexOf('is unknown: no probe was sent'))
})

it('keeps its structure for any text', () => {
  const count = (text: string): number => text.split('<').length
  const structure = count(renderHtml(namedResult('words')))
  const run = fc.property(fc.string({ unit: 'binary' }), (words) => {
    expect(count(renderHtml(namedResult(`a${words}</p><script>"'`)))).toBe(structure)
  })
  fc.assert(run, { numRuns: 25 })
})

it('stays below 3 MB with 12,000 probes', () => {
  const fast = passingResult(7)
  expect(fast.timeline.streams[0]?.probes.length).toBeGreaterThan(12_000)
  expect(renderHtml(fast).length).toBeLessThan(3_000_000)
})

it('stays below 2 MB with 5,000 sessions, and says how many had which fate', () => {
  const passing = passingResult()
  const sessions = Array.from({ length: 5000 }, (_, session): SessionTrace => {
    const verdict = session % 3 === 0 ? 'reset' : 'survived'
    const stalls = Array.from({ length: 20 }, (__, index) => ({ fromMs: 6000 + 900 * index, toMs: 6450 + 900 * index }))
    const closing = verdict === 'reset' ? { closedMs: 21_000 + session, closeCause: 'ECONNRESET' } : null
    return {
      session,
      openedMs: 4000,
      closedMs: null,
      closeCause: null,
      ...closing,
      stalls,
      verdicts: { failover: verdict },
    }
  })
  const streams = passing.timeline.streams.map((stream) => (stream.name === 'held' ? { ...stream, sessions } : stream))
  const page = renderHtml({ ...passing, timeline: { ...passing.timeline, streams } })

  expect(page).toContain('held: 5000 sessions: 3333 survived, 1667 closed by the other side.')
  expect(page.length).toBeLessThan(2_000_000)
})
