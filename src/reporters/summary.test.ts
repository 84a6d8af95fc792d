import { expect, it } from 'vitest'
import { failingResult, namedResult, passingResult, unknownResult } from './fixture/result.ts'
import { summarize } from './summary.ts'

const plain = { colour: false, columns: 100 }

it('opens with the verdict and shows failover and failback side by side', () => {
  const text = summarize(passingResult(), plain)
  expect(text).toMatch(/^✔ PASS {2}master-power-off on opnsense-single-wan/)
  expect(text).toMatch(/outside │ outage +│ 3\.40 s ± 0\.20 s │ 400 ms ± 200 ms/)
})

it('says of a warning that it does not decide', () => {
  expect(summarize(passingResult(), { colour: false, columns: 300 })).toMatch(
    /! warning {2}.*\(does not decide the verdict\)/,
  )
})

it('says what red means unless the drill passed', () => {
  expect(summarize(failingResult(), plain)).toContain('What red means: Clients lose their gateway')
  expect(summarize(passingResult(), plain)).not.toContain('What red means')
})

it('shows what could not be measured as such, with the problem', () => {
  expect(summarize(unknownResult(), plain)).toMatch(
    /\? UNKNOWN[\s\S]*not measurable[\s\S]*! outside: fping on client ended/,
  )
})

it('has escape sequences only when told that the terminal takes them, whatever the names contain', () => {
  const text = summarize(namedResult('\u001B[31mred\u0007'), plain)
  expect(['\u001B', '\u0007'].filter((control) => text.includes(control))).toEqual([])
  expect(summarize(passingResult(), { colour: true, columns: 100 })).toContain('\u001B[32m✔ PASS')
})

it('keeps its sentences within the columns', () => {
  const sentences = summarize(failingResult(), { colour: false, columns: 80 })
    .split('\n')
    .filter((line) => !/[│┌├└]/.test(line))
  expect(Math.max(...sentences.map((line) => line.length))).toBeLessThanOrEqual(80)
})
