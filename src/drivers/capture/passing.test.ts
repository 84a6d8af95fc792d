import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Fact } from '../../model/event.ts'
import { Passing } from './passing.ts'

const frame = { kind: 'udp', src: '10.102.0.50', dst: '192.168.66.10' } as const
const wallMs = 1_790_000_000_000

test('probes in columns are the probes that passed, their times to the hundredth of a millisecond', () => {
  const anyRow = fc.record({
    afterMs: fc.double({ min: 0, max: 5000, noNaN: true }),
    seq: fc.nat(100_000),
    way: fc.constantFrom('request' as const, 'reply' as const),
    id: fc.constantFrom('a', 'b'),
  })
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 300 }), (rows) => {
      const facts: Extract<Fact, { type: 'probes-passed' }>[] = []
      const passing = new Passing('lan-client', (fact) => facts.push(fact))
      for (const { afterMs, ...row } of rows) passing.add(wallMs + afterMs, { ...frame, ...row })
      passing.flush()
      const told = facts.flatMap(({ way, id, seq, wallMs: baseMs, seqSteps, ticks }) => {
        let [number, tick] = [seq, 0]
        return ticks.map((step, index) => {
          number += seqSteps[index] ?? NaN
          tick += step
          return { way, id, seq: number, atMs: baseMs + tick / 100 }
        })
      })
      expect(told).toHaveLength(rows.length)
      for (const way of ['request', 'reply'])
        for (const id of ['a', 'b']) {
          const [own, given] = [told, rows].map((list) => list.filter((row) => row.way === way && row.id === id))
          expect(own?.map(({ seq }) => seq)).toEqual(given?.map(({ seq }) => seq))
        }
      const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
      const errorMs = sum(told.map(({ atMs }) => atMs - wallMs)) - sum(rows.map(({ afterMs }) => afterMs))
      expect(Math.abs(errorMs)).toBeLessThanOrEqual(0.006 * rows.length + 0.001)
    }),
  )
})

test('a millisecond of a busy stream takes few bytes in the recording', () => {
  const lines: string[] = []
  const passing = new Passing('lan-fw1-tap-probes', (fact) => lines.push(JSON.stringify(fact)))
  for (let seq = 0; seq < 10_000; seq += 1)
    passing.add(wallMs + seq + 0.03 * Math.sin(seq), { ...frame, way: 'request', id: 'f'.repeat(32), seq })
  passing.flush()
  expect(lines.join('\n').length / 10_000).toBeLessThan(8)
})
