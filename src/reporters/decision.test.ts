import { expect, it } from 'vitest'
import { casesOf, factsOf } from './decision.ts'
import { passingResult, unknownResult } from './fixture/result.ts'

it('has a case per finding and no more where the findings account for the verdict', () => {
  const result = passingResult()
  expect(casesOf(result).map((one) => one.id)).toEqual(result.findings.map((finding) => finding.id))
})

it('counts a warning as pass and says in its text that it does not decide', () => {
  const warning = casesOf(passingResult()).find((one) => one.warning !== null)
  expect(warning).toMatchObject({ counts: 'pass' })
  expect(warning?.warning).toMatch(/does not decide the verdict \(fail\)/)
})

it('adds the verdict as a case where nothing was judged, so that nothing looks green', () => {
  expect(casesOf({ ...unknownResult(), findings: [] })).toMatchObject([{ id: 'verdict', counts: 'unknown' }])
})

it('adds the verdict where only warnings were judged or where the findings look better than it', () => {
  const { findings } = passingResult()
  const warnings = findings.filter((finding) => finding.level === 'warn')
  expect(casesOf({ ...unknownResult(), findings: warnings }).at(-1)).toMatchObject({ counts: 'unknown' })
  expect(casesOf({ ...passingResult(), verdict: 'fail' }).at(-1)).toMatchObject({ id: 'verdict', counts: 'fail' })
})

it('shows a reason once where the message already ends with it', () => {
  expect(factsOf({ message: 'lost 3 (because of x)', because: 'of y' })).toBe('lost 3 (because of x)')
  expect(factsOf({ message: 'lost 3 (because CARP is slow)', because: 'CARP is slow\n' })).toBe('lost 3')
})
