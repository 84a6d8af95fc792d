import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeAnswer, encodeQuestion } from './dns-message.mjs'

const answer = (id: number, code: number, addresses: number[][]): Buffer => {
  const question = encodeQuestion(id, 'probe.firedrill.test')
  question.writeUInt16BE(0x8180 | code, 2)
  question.writeUInt16BE(addresses.length, 6)
  const records = addresses.map((address) => Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address]))
  return Buffer.concat([question, ...records])
}

test('a question is as RFC 1035 says', () => {
  expect(encodeQuestion(0x1234, 'a.bc').toString('hex')).toBe('12340100000100000000000001610262630000010001')
})

test('an answer tells its code and every IPv4 address', () => {
  fc.assert(
    fc.property(
      fc.nat(0xffff),
      fc.nat(15),
      fc.array(fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }), { maxLength: 5 }),
      (id, code, addresses) => {
        const told = { code, addresses: addresses.map((address) => address.join('.')) }
        expect(decodeAnswer(answer(id, code, addresses), id)).toEqual(told)
        expect(decodeAnswer(answer(id, code, addresses), (id + 1) % 0x10000)).toBeNull()
      },
    ),
  )
})

test('whatever bytes come, they are an answer or none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const message = Buffer.from(bytes)
      const id = message.length < 2 ? 0 : message.readUInt16BE(0)
      expect([null, 'object']).toContain(decodeAnswer(message, id) === null ? null : 'object')
    }),
  )
})
