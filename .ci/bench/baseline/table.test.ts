import { expect, it } from 'vitest'
import type { Conclusion } from './conclusions.ts'
import { pageOf, rowsOf } from './table.ts'

const conclusion = (who: string, more: Partial<Conclusion> = {}): Conclusion => ({
  who,
  outage: '3.00',
  lostSaid: '3',
  lostTruly: '3',
  words: '3 of 60 lost',
  wrong: [],
  ...more,
})

it('sets the wire first, and counts in how many trials it contradicts the others', () => {
  const rows = rowsOf([
    {
      words: 'master power off',
      trials: [
        [
          conclusion('the wire', { outage: '2.90' }),
          conclusion('ping'),
          conclusion('script', { wrong: ['it saw none'] }),
        ],
        [conclusion('the wire', { outage: '3.10' }), conclusion('ping'), conclusion('script', { isOpen: true })],
      ],
    },
  ])
  expect(rows.map(([fault, who, outage, , , , judged]) => [fault, who, outage, judged])).toEqual([
    ['master power off (2)', 'the wire', '2.90; 3.10', ''],
    ['', 'ping', '3.00; 3.00', 'right'],
    ['', 'script', '3.00; 3.00', 'WRONG in 1 of 2: it saw none; does not know in 1 of 2'],
  ])
})

it('a fault that was never measured has no row', () => {
  expect(rowsOf([{ words: 'maintenance mode', trials: [] }])).toEqual([])
})

it('is a page whose cells keep their bars, and that says where it was made', () => {
  const page = pageOf([['a|b', '', '', '', '', '', '']], 'a machine of two cores')
  expect(page.split('\n').at(-1)).toBe('| a\\|b |  |  |  |  |  |  |')
  expect(page).toContain('on a machine of two cores.')
})
