import { expect, it } from 'vitest'
import { passingResult, unknownResult } from './fixture/result.ts'
import { renderVerdictJson } from './verdict-json.ts'

it('holds the whole result except the timeline', () => {
  const { timeline: _, ...rest } = passingResult()
  expect(JSON.parse(renderVerdictJson(passingResult()))).toEqual(rest)
})

it('has the verdict first and the same text whatever order the keys came in', () => {
  const result = passingResult()
  const shuffled = { ...Object.fromEntries(Object.entries(result.run).toReversed()), ...result.run }
  expect(renderVerdictJson({ ...result, run: shuffled })).toBe(renderVerdictJson(result))
  expect(renderVerdictJson(result)).toMatch(/^\{\n {2}"verdict": "pass",\n/)
})

it('never writes a number for what could not be measured', () => {
  expect(renderVerdictJson(unknownResult())).toContain('"interval": null')
})
