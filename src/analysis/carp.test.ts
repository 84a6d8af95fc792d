import { expect, test } from 'vitest'
import { carpLimitOf, crashTakeoverRange } from './carp.ts'
import { lab } from './fixture/subject.ts'
import { sayRange } from './quantity.ts'

test.each([
  [1, 0, 0, '2.00-3.02 s'],
  [1, 0, 100, '2.39-3.41 s'],
  [1, 0, 200, '2.78-3.80 s'],
  [2, 0, 100, '4.39-6.41 s'],
])(
  'advbase %i with skews %i and %i allows a crash takeover in a known range',
  (advbase, masterSkew, backupSkew, text) => {
    expect(sayRange(crashTakeoverRange({ advbase, masterSkew, backupSkew }))).toBe(text)
  },
)

const crash = { action: 'fault', kind: 'vm-stop', machines: ['fw1'], ref: '$master' } as const

test('the limit of a crash comes from the skews of whoever was hit and whoever remains', () => {
  expect(carpLimitOf(lab, { ...crash, machines: ['fw1'] })).toEqual({ low: 2390.625, high: 3410.625 })
  expect(carpLimitOf(lab, { ...crash, machines: ['fw2'] })).toEqual({ low: 3000 - 1390.625, high: 3020 })
})

test('there is no limit where CARP timers do not decide', () => {
  expect(carpLimitOf(lab, { ...crash, machines: ['fw1', 'fw2'] })).toBeNull()
  expect(carpLimitOf(lab, { ...crash, machines: ['isp'] })).toBeNull()
  expect(carpLimitOf(lab, { ...crash, machines: ['fw2'], ref: '$backup' })).toBeNull()
  expect(carpLimitOf(lab, { ...crash, machines: ['fw1'], action: 'heal' })).toBeNull()
  expect(carpLimitOf(lab, { ...crash, machines: ['fw1'], kind: 'maintenance' })).toBeNull()
})
