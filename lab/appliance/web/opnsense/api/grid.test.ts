import { expect, it } from 'vitest'
import { gridAnswer } from './grid.ts'

const rows = [
  { vhid: '2', subnet: '192.168.1.1', weight: 10 },
  { vhid: '10', subnet: '10.0.0.1', weight: 9 },
  { vhid: '1', subnet: '10.0.0.2', weight: 700 },
]

it('without wishes all rows come on one page', () => {
  expect(gridAnswer(rows, {})).toEqual({ total: 3, rowCount: 3, current: 1, rows })
})

it('a page is found, sorted by number where there are numbers, and cut', () => {
  const fields = { searchPhrase: '10.0', sort: { vhid: 'desc' }, rowCount: '1', current: '2' }
  expect(gridAnswer(rows, fields)).toEqual({ total: 2, rowCount: 1, current: 2, rows: [rows[2]] })
  expect(gridAnswer(rows, { rowCount: -1, sort: { vhid: 'asc' } }).rows.map(({ vhid }) => vhid)).toEqual([
    '1',
    '2',
    '10',
  ])
})

it('numbers are found, and wishes that are none are ignored', () => {
  expect(gridAnswer(rows, { searchPhrase: '700' }).rows).toEqual([rows[2]])
  expect(gridAnswer(rows, { sort: 'x', current: 'y', rowCount: {} }).rows).toEqual(rows)
})
