import { beforeEach, expect, test, vi } from 'vitest'
import { SessionRows } from './session-rows.mjs'

const told: { type: string; seqs: number[] }[] = []
vi.mock('./output.mjs', () => ({ emit: (line: { type: string; seqs: number[] }) => told.push(line) }))

beforeEach(() => void told.splice(0))

test('an echo is never told before its message, whichever of the two is told first', () => {
  const messages = new SessionRows('messages', 'held')
  const echoes = new SessionRows('echoes', 'held', messages)
  messages.add(0, 0, 1)
  messages.flush()
  echoes.add(0, 0, 2)
  messages.add(0, 1, 3)
  echoes.add(0, 1, 4)
  echoes.flush()
  messages.flush()
  expect(told).toMatchObject([
    { type: 'messages', seqs: [0] },
    { type: 'messages', seqs: [1] },
    { type: 'echoes', seqs: [0, 1] },
  ])
})
