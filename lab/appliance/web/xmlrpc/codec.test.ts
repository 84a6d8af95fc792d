import { expect, it } from 'vitest'
import { parseCall, parseResponse, renderCall, renderFault, renderResponse } from './codec.ts'

const params = ['a < b & c', 7, true, ['x', []], { virtualip: { vip: [{ vhid: '1', empty: '' }] } }]

it('what is written is read again, as call and as answer', () => {
  expect(parseCall(renderCall({ method: 'opnsense.restore_config_section', params }))).toEqual({
    method: 'opnsense.restore_config_section',
    params,
  })
  for (const value of params) expect(parseResponse(renderResponse(value))).toEqual(value)
})

it("PHP's own way of writing is read: values without a type, integers as i4, lists of numbers", () => {
  const text = `<?xml version="1.0" encoding="utf-8"?><methodCall><methodName>m</methodName><params>
    <param><value>plain</value></param><param><value><i4>5</i4></value></param>
    <param><value><array><data><value><int>1</int></value></data></array></value></param></params></methodCall>`
  expect(parseCall(text)).toEqual({ method: 'm', params: ['plain', 5, [1]] })
})

it('a fault is thrown with its words, and something else is no call', () => {
  expect(() => parseResponse(renderFault(-1, 'version differs'))).toThrow('version differs')
  expect(() => parseCall('<html></html>')).toThrow('expected a methodCall')
  expect(() => parseResponse('<html></html>')).toThrow('expected a methodResponse')
})
