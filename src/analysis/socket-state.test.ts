import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSocket, saySocket } from './socket-state.ts'

test('what ss says of a socket tells how far its retransmission is', () => {
  const text = 'ESTAB cubic wscale:7,7 rto:3264 backoff:4 rtt:0.125/0.06 mss:1448 bytes_sent:320 unacked:1 notsent:48'
  const socket = readSocket(text)
  expect(socket).toEqual({ state: 'ESTAB', rtoMs: 3264, backoff: 4, unacked: 1, notSent: 48 })
  expect(socket === null ? '' : saySocket(socket)).toBe(
    'ESTAB, rto 3264 ms, backoff 4, 1 unacked, 48 bytes not sent: its kernel is still retransmitting',
  )
})

test('a socket that waits for nothing says so', () => {
  const socket = readSocket('CLOSE-WAIT cubic rto:204')
  expect(socket === null ? '' : saySocket(socket)).toBe('CLOSE-WAIT, rto 204 ms, backoff 0, 0 unacked')
})

test('whatever a kernel says, it is read or is nothing', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(readSocket(text)?.state ?? 'nothing').not.toBe('')
    }),
  )
})
