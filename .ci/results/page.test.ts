import { describe, expect, it } from 'vitest'
import { failingResult, passingResult, unknownResult } from '../../src/reporters/fixture/result.ts'
import type { Result } from '../../src/model/result.ts'
import type { Scenario } from '../../src/model/scenario.ts'
import { renderResults } from './page.ts'
import type { SuiteRun, SuiteTrial } from './suite.ts'

const trial = (scenario: string, result: SuiteTrial['result'], more: Partial<SuiteTrial> = {}): SuiteTrial => ({
  scenario,
  lab: 'opnsense-single-wan',
  trial: 1,
  of: 1,
  verdict: result?.verdict ?? 'unknown',
  verdictThen: result?.verdict ?? 'unknown',
  told: 'VM 9101 could not be rolled back',
  result,
  ...more,
})

const run = (trials: SuiteTrial[], more: Partial<SuiteRun> = {}): SuiteRun => ({
  name: 'suite-1',
  trials,
  wallMs: 150_000,
  jobs: 2,
  ...more,
})

/** Its scenario says of the sessions what its findings and claims do. */
function withSessions(result: Result): Result {
  const alive = { metric: 'failover.sessionsAlive', min: 1 }
  const { scenario } = result
  const expectations: Scenario['expect'] = ['held', 'shell'].map((stream) => ({
    ...alive,
    stream,
    level: 'fail',
    because: 'state sync is on',
  }))
  const claims = [...scenario.claims, { ...alive, text: 'even my SSH session stayed alive', stream: 'shell' }]
  return { ...result, scenario: { ...scenario, expect: [...scenario.expect, ...expectations], claims } }
}

const oneOfEach = run([
  trial('good', passingResult()),
  trial('bad', withSessions(failingResult())),
  trial('gone', null),
])
const page = renderResults(oneOfEach, null)
/** Cells without what only pads them. */
const rows = page.split('\n').filter((line) => line.startsWith('| '))

describe('the page of one run', () => {
  it('has a section for each drill with its verdict, and says why one was not judged', () => {
    expect(page.match(/^### .*$/gm)).toEqual(['### good: pass', '### bad: fail', '### gone: unknown'])
    expect(page).toContain('Nothing was judged: VM 9101 could not be rolled back')
  })

  it('sets each claim and limit beside what was measured, with its bound', () => {
    expect(rows).toContainEqual(
      expect.stringMatching(
        /^\| claim \| I saw only one dropped packet \| failover\.lost of outside at most 1 \| 17 \| not met \|$/,
      ),
    )
    expect(rows).toContainEqual(expect.stringMatching(/^\| limit \| .* \| 3\.40 s ± 0\.20 s \| pass \|$/))
  })

  it('explains what does not hold by recorded events at their time, and by a row of the reference', () => {
    const [, why = ''] = page.split('Why **failover.lost of outside** (claim not met):')
    expect(why).toContain('step failover: `vm-stop` on fw1, sent at 20.000 s and acknowledged after 85 ms')
    expect(why).toMatch(/outside: probes without a good answer from 20\.\d+ s to 23\.\d+ s \(17, 17 of them lost\)/)
    expect(why).toContain('reference: [crash](#reference-rows), [count](#reference-rows)')
    expect(page.split('## Reference rows')[1]).toContain('**crash**')
  })

  it('names the sessions that broke', () => {
    expect(page).toContain('held: session 1 reset, closed at 24.100 s: connection reset by the far side')
  })

  it('explains a limit and a claim about the same figure once', () => {
    const { claims, scenario, ...result } = passingResult()
    const said = { ...scenario, claims: [...scenario.claims, ...scenario.claims] }
    const twice = { ...result, claims: claims.flatMap((claim) => [claim, claim]).slice(0, 2), scenario: said }
    const text = renderResults(run([trial('good', twice)]), null)
    expect(text.match(/Why \*\*failover\.lost of outside\*\*/g)).toHaveLength(1)
  })

  it('sets the wall time against the sum of the timelines', () => {
    expect(page).toContain(
      "| wall time | 150.00 s, one lab at a time; the drills' own timelines are 202.50 s in all: 0.74 of them |",
    )
    const others = [trial('good', passingResult()), trial('other', passingResult(), { lab: 'pfsense-dmz' })]
    expect(renderResults(run(others), null)).toContain('| wall time | 150.00 s, 2 labs side by side;')
    expect(renderResults(run([], { wallMs: null }), null)).toContain('| wall time | not told;')
  })

  it('says where a recording is judged otherwise today', () => {
    const changed = run([trial('good', passingResult(), { verdictThen: 'fail' })])
    expect(renderResults(changed, null)).toContain('Judged anew: when it ran, the verdict was fail.')
  })

  it('takes texts for texts, whatever is in them', () => {
    const words = 'a | b <script>\n*c* \\S'
    const odd = { ...passingResult(), claims: passingResult().claims.map((claim) => ({ ...claim, text: words })) }
    expect(renderResults(run([trial('odd', odd)]), null)).toContain('| claim | a \\| b &lt;script> \\*c\\* \\\\S |')
  })
})

describe('the page of two runs', () => {
  it('says that they came out alike', () => {
    const text = renderResults(oneOfEach, { ...oneOfEach, name: 'suite-2' })
    expect(text).toContain('**Both runs came out alike**')
    expect(text).toContain('### good: pass (twice)')
    expect(text).toContain('|  | suite-1 | suite-2 |')
  })

  it('names each drill and claim that came out otherwise, or ran only once', () => {
    const claimsOnly = { ...passingResult(), claims: failingResult().claims }
    const first = run([trial('a', passingResult()), trial('b', passingResult()), trial('c', passingResult())])
    const second = run([trial('a', unknownResult()), trial('b', claimsOnly), trial('d', passingResult())])
    const text = renderResults(first, second)
    const [, list = ''] = text.split('**The two runs differ:**')
    expect(list.split('\n').filter((line) => line.startsWith('- opn'))).toEqual([
      '- opnsense-single-wan, a: pass, then unknown',
      '- opnsense-single-wan, b, claim "even my SSH session stayed alive": met, then not met',
      '- opnsense-single-wan, c: not in the second run',
      '- opnsense-single-wan, d: only in the second run',
    ])
    expect(text).toContain('### a: pass (then unknown)')
  })
})
