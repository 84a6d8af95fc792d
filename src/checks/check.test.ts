import { expect, test } from 'vitest'
import { analyse } from '../analysis/analyse.ts'
import type { Check } from './check.ts'
import { findingsOf } from './check.ts'

const check: Check = { id: 'odd', title: 'the odd check', because: 'of a reason', judge: () => [] }

test('a check that crashes is an unknown finding with the first line of its error', () => {
  const crashing: Check = {
    ...check,
    judge() {
      throw new Error('no such thing\n  at somewhere')
    },
  }

  expect(findingsOf(crashing, analyse([], 'sha'))).toEqual([
    {
      id: 'invariant.odd',
      kind: 'invariant',
      level: 'fail',
      verdict: 'unknown',
      title: 'the odd check',
      message: 'the odd check: the check itself crashed: no such thing',
      because: 'of a reason',
    },
  ])
})

test('a check that says nothing is an unknown finding', () => {
  expect(findingsOf(check, analyse([], 'sha'))).toMatchObject([{ verdict: 'unknown' }])
})
