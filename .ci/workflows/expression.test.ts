import { expect, it, test } from 'vitest'
import { filledIn, valueOf } from './expression.ts'

const contexts = {
  inputs: { lab: 'embedded', runner: '["self-hosted", "linux"]', empty: '' },
  steps: { drill: { outcome: 'failure' } },
}

test.each([
  ['inputs.lab', 'embedded'],
  ["inputs.lab == 'embedded' && 'here' || 'there'", 'here'],
  ["inputs.lab != 'embedded' && 'here' || 'there'", 'there'],
  ["inputs.nothing || 'default'", 'default'],
  ["inputs.empty && 'full' || ''", ''],
  ["!(steps.drill.outcome == 'skipped')", true],
  ['fromJSON(inputs.runner)', ['self-hosted', 'linux']],
  ["'it''s'", "it's"],
])('%s', (expression, value) => {
  expect(valueOf(expression, contexts)).toEqual(value)
})

it('fills a text in, with functions of the job', () => {
  expect(filledIn('group-${{ inputs.lab }}-${{ always() }}', contexts, { always: () => true })).toBe(
    'group-embedded-true',
  )
})

it('refuses what it does not know, so that no test passes on a guess', () => {
  expect(() => valueOf('contains(inputs.lab)', contexts)).toThrow('a known function')
  expect(() => valueOf('inputs.lab =~ 1', contexts)).toThrow('expected an expression')
})
