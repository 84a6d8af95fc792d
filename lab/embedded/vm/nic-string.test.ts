import { expect, test } from 'vitest'
import { parseNic, printNic } from './nic-string.ts'

const normal = (text: string): string => {
  const parsed = parseNic('net0', text)
  return 'nic' in parsed ? printNic(parsed.nic) : parsed.complaint
}

test.each([
  ['bridge=vnet101,virtio=bc:24:11:00:00:01', 'virtio=BC:24:11:00:00:01,bridge=vnet101'],
  ['model=e1000,macaddr=BC:24:11:00:00:01', 'e1000=BC:24:11:00:00:01'],
  [
    'virtio=BC:24:11:00:00:01,tag=5,rate=12.5,queues=2,mtu=1500,link_down=1,firewall=0,bridge=vnet101',
    'virtio=BC:24:11:00:00:01,bridge=vnet101,firewall=0,link_down=1,mtu=1500,queues=2,rate=12.5,tag=5',
  ],
])('%s is normalised to %s', (text, expected) => {
  expect(normal(text)).toBe(expected)
})

test('a NIC without MAC gets a random one', () => {
  expect(normal('virtio,bridge=vmbr0')).toMatch(/^virtio=BC:24:11(:[0-9A-F]{2}){3},bridge=vmbr0$/)
})

test.each([
  ['virtio,nope=1', 'net0.nope: property is not defined in schema and the schema does not allow additional properties'],
  ['virtio=01:00:5e:00:00:01', 'net0.macaddr: value does not match the regex pattern'],
  ['bridge=vmbr0', 'net0.model: property is missing and it is not optional'],
  ['virtio,tag=9999', 'net0.tag: value must have a maximum value of 4094'],
])('%s is a format error that says why', (text, complaint) => {
  expect(normal(text)).toBe(`invalid format - format error\n${complaint}\n`)
})
