import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { UdpAsker } from './udp-asker.mjs'

let reflector: Socket
let ports: number[]
/** What the reflector says to a datagram. */
let answer: (datagram: Buffer) => Buffer | null

beforeEach(async () => {
  ports = []
  answer = (datagram) => Buffer.concat([datagram, Buffer.alloc(8, 1)])
  reflector = createSocket('udp4').on('message', (datagram, from) => {
    ports.push(from.port)
    const said = answer(datagram)
    if (said !== null) reflector.send(said, from.port, from.address)
  })
  reflector.bind(0, '127.0.0.1')
  await once(reflector, 'listening')
})
afterEach(() => reflector.close())

const ask = (seqs: number[]) => {
  const { address, port } = reflector.address()
  const times = { everyMs: 100, timeoutMs: 200 }
  const ends = { from: 'client', to: 'target', address, port }
  const asker = new UdpAsker({ name: 'fresh', kind: 'udp', class: 'packets', sessions: 0, ...ends, ...times })
  return Promise.all(seqs.map((seq) => asker.ask(seq)))
}

test('each probe leaves by a port of its own, and its own answer counts', async () => {
  expect(await ask([0, 1, 2, 3])).toEqual(Array.from({ length: 4 }, () => ({ answered: true })))
  expect(new Set(ports).size).toBe(4)
})

test('the answer to another probe, another key and silence are none', async () => {
  const none = [{ answered: false, cause: 'no answer in time' }]
  answer = (datagram) => Buffer.concat([datagram.with(23, 9), Buffer.alloc(8, 1)].map((part) => Buffer.from(part)))
  expect(await ask([4])).toEqual(none)
  answer = (datagram) => Buffer.concat([Buffer.alloc(16, 7), datagram.subarray(16), Buffer.alloc(8, 1)])
  expect(await ask([5])).toEqual(none)
  answer = () => null
  expect(await ask([6])).toEqual(none)
})
