import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSocket, saySocket } from './socket-state.ts'

test('what ss says of a socket tells how far its retransmission is', () => {
  const text =
    'ESTAB cubic wscale:7,7 rto:3264 backoff:4 rtt:0.125/0.06 mss:1448 bytes_sent:320 unacked:1 retrans:1/5 lost:1 notsent:48'
  const socket = readSocket(text)
  expect(socket).toEqual({ state: 'ESTAB', rtoMs: 3264, backoff: 4, unacked: 1, notSent: 48, resent: 5 })
  expect(socket === null ? '' : saySocket(socket)).toBe(
    'ESTAB, rto 3264 ms, backoff 4, 1 unacked, 5 sent again, 48 bytes not sent: its kernel is still retransmitting',
  )
})

test('a socket that waits for nothing says so', () => {
  const socket = readSocket('CLOSE-WAIT cubic rto:204')
  expect(socket === null ? '' : saySocket(socket)).toBe('CLOSE-WAIT, rto 204 ms, backoff 0, 0 unacked')
})

test('whatever a socket is, and in whatever order the kernel tells it among other things, it is read as that', () => {
  const amount = fc.nat({ max: 1_000_000 })
  const socket = fc.record({
    state: fc.constantFrom('ESTAB', 'FIN-WAIT-1', 'CLOSE-WAIT', 'SYN-SENT'),
    rtoMs: fc.option(amount),
    backoff: amount,
    unacked: amount,
    notSent: amount,
    resent: amount,
  })
  const other = [
    'cubic',
    'wscale:7,7',
    'rtt:0.125/0.06',
    'bytes_sent:320',
    'bytes_retrans:64',
    'data_segs_out:9',
    'lost:3',
  ]
  fc.assert(
    fc.property(socket, fc.nat(10), (given, turn) => {
      const { state, rtoMs, backoff, unacked, notSent, resent } = given
      const own = [`backoff:${backoff}`, `unacked:${unacked}`, `notsent:${notSent}`, `retrans:0/${resent}`]
      const words = [...other, ...own, ...(rtoMs === null ? [] : [`rto:${rtoMs}`])]
      const turned = [...words.slice(turn), ...words.slice(0, turn)]
      expect(readSocket(`${state} ${turned.join(' ')}`)).toEqual(given)
    }),
  )
})

test('whatever a kernel says, it is read or is nothing', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(readSocket(text)?.state ?? 'nothing').not.toBe('')
    }),
  )
})
