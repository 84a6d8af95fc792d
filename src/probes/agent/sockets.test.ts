import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseSocketLine } from './sockets.mjs'

test('a line of ss tells the port, the programs and what the kernel says of the socket', () => {
  const line =
    'ESTAB 0      16     10.102.0.10:40216    198.51.100.10:7    users:(("node",pid=912,fd=24)) cubic wscale:7,7 rto:3264 backoff:4 rtt:0.1/0.05 unacked:1 notsent:48'
  expect(parseSocketLine(line)).toEqual({
    port: 40216,
    pids: [912],
    tcp: 'ESTAB cubic wscale:7,7 rto:3264 backoff:4 rtt:0.1/0.05 unacked:1 notsent:48',
  })
})

test('an IPv6 socket, and one without a program, are told as well', () => {
  expect(parseSocketLine('FIN-WAIT-1 0 1 [2001:db8:1:2::50]:40216 [2001:db8:1:3::10]:7')).toEqual({
    port: 40216,
    pids: [],
    tcp: 'FIN-WAIT-1',
  })
})

test('whatever a line says, it is read or passed over', () => {
  fc.assert(
    fc.property(fc.string(), (line) => {
      const read = parseSocketLine(line)
      expect(read === null || Number.isInteger(read.port)).toBe(true)
    }),
  )
})
