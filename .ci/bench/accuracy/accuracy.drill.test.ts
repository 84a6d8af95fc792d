import { expect, test } from 'vitest'
import { errorOf, playBatch } from './cuts.ts'

/** What a fresh run draws its cuts from; the message of a failure names it. */
const seed = Math.floor(2 ** 31 * Math.random())
const count = 10
const everyMs = [50, 10]

const draw = (random: () => number) => ({ lengthMs: 30 + 470 * random(), afterMs: 850 + 200 * random() })

test('what the report says of cuts that the kernel made to the nanosecond holds their length, at 50 ms and at 10 ms', async () => {
  const rows = await playBatch({ kind: 'udp', seed, count, everyMs, draw })
  expect(rows).toHaveLength(count * everyMs.length)
  const wrong = rows.filter((row) => !errorOf(row).isHeld)
  expect(wrong, `seed ${seed}`).toEqual([])
})
