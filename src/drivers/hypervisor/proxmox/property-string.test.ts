import fc from 'fast-check'
import { expect, test } from 'vitest'
import { editNic, nicOf } from './nic-string.ts'
import {
  type Properties,
  editProperties,
  formatProperties,
  parseProperties,
  sameProperties,
} from './property-string.ts'

const key = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/)
const value = fc.stringMatching(/^[A-Za-z0-9:._;=/-]{0,12}$/)
const properties = fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, maxLength: 8 })
const mac = fc.tuple(...Array.from({ length: 6 }, () => fc.nat(255))).map((bytes) => bytes.map(hex).join(':'))
const nic = fc.record({
  model: fc.constantFrom('virtio', 'e1000', 'vmxnet3'),
  mac,
  rest: fc.subarray(
    ['bridge=vnet101', 'firewall=0', 'link_down=1', 'mtu=1500', 'queues=2', 'rate=12.5', 'trunks=2;3'],
    {
      minLength: 0,
    },
  ),
})
const hex = (byte: number) => byte.toString(16).toUpperCase().padStart(2, '0')

test('what is parsed and written again is the same', () => {
  const again = (list: Properties) => {
    expect(parseProperties(formatProperties(list))).toEqual(list)
  }
  const same = (text: string) => {
    expect(formatProperties(parseProperties(text))).toBe(text)
  }
  fc.assert(fc.property(properties, again))
  fc.assert(fc.property(fc.string(), same))
})

test('an edit changes its key and nothing else', () => {
  fc.assert(
    fc.property(properties, key, value, (list, name, news) => {
      const edited = parseProperties(editProperties(formatProperties(list), { [name]: news }))
      const others = ([other]: readonly [string, string]) => other !== name
      expect(edited.filter(others)).toEqual(list.filter(others))
      expect(edited.filter(([other]) => other === name)).toEqual([[name, news]])
      expect(parseProperties(editProperties(formatProperties(edited), { [name]: null }))).toEqual(list.filter(others))
    }),
  )
})

test('order and case make no difference, values do', () => {
  expect(sameProperties('virtio=BC:24:11:00:00:01,bridge=a', 'bridge=a,virtio=bc:24:11:00:00:01')).toBe(true)
  expect(sameProperties('virtio=BC:24:11:00:00:01,bridge=a', 'virtio=BC:24:11:00:00:01,bridge=a,link_down=1')).toBe(
    false,
  )
})

test('a NIC keeps model, MAC and all the rest through any number of link changes', () => {
  fc.assert(
    fc.property(nic, fc.array(fc.boolean(), { maxLength: 5 }), ({ model, mac: address, rest }, changes) => {
      const text = [`${model}=${address}`, ...rest].join(',')
      const edited = [...changes, true].reduce((before, linkDown) => editNic(before, { linkDown }), text)
      expect(nicOf(edited)).toMatchObject({ model, mac: address, linkDown: true })
      const up = editNic(edited, { linkDown: false })
      expect(parseProperties(up)).toEqual(parseProperties(text).filter(([name]) => name !== 'link_down'))
    }),
  )
})

test('both ways to write model and MAC are read; a NIC without a MAC is none', () => {
  expect(nicOf('model=virtio,macaddr=BC:24:11:00:00:01,bridge=b')).toEqual({
    model: 'virtio',
    mac: 'BC:24:11:00:00:01',
    bridge: 'b',
    linkDown: false,
  })
  expect(nicOf('virtio,bridge=b')).toBeNull()
  expect(nicOf('')).toBeNull()
})
