import { expect, test } from 'vitest'
import { crashTakeoverRange } from './timers.ts'

test.each([
  [1, 0, 0, 2000, 3020],
  [1, 0, 100, 2390.625, 3410.625],
  [1, 0, 200, 2781.25, 3801.25],
  [2, 0, 100, 4390.625, 6410.625],
])(
  'advbase %i with skews %i and %i allows a crash takeover in a known range',
  (advbase, masterSkew, backupSkew, low, high) => {
    expect(crashTakeoverRange({ advbase, masterSkew, backupSkew })).toEqual({ low, high })
  },
)
