import { expect, it } from 'vitest'
import type { Result } from '../model/result.ts'
import { passingResult } from './fixture/result.ts'
import { reporters } from './index.ts'
import { summarize } from './summary.ts'

const note = 'Linux bridges stand in for Open vSwitch & co.'
const noted = (): Result => ({ ...passingResult(), lab: { ...passingResult().lab, note } })

it('what a reader has to know of a lab is in every report that people read', () => {
  expect(summarize(noted(), { colour: false, columns: 100 })).toContain(`Lab: ${note}`)
  expect(reporters['report.html'](noted())).toContain('Linux bridges stand in for Open vSwitch &amp; co.')
  expect(reporters['junit.xml'](noted())).toContain(
    '<property name="lab.note" value="Linux bridges stand in for Open vSwitch &amp; co."',
  )
})

it('a lab without a note has no line for it', () => {
  expect(summarize(passingResult(), { colour: false, columns: 100 })).not.toContain('Lab: ')
  expect(reporters['junit.xml'](passingResult())).not.toContain('lab.note')
})
