import { expect, it } from 'vitest'
import { type Interfaces, readMonitorLine } from './monitor-line.ts'

const up =
  '3: vtnet1@if4: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default \\    link/ether bc:24:11:00:00:01 brd ff:ff:ff:ff:ff:ff link-netnsid 0'
const unplugged =
  '3: vtnet1@if4: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state LOWERLAYERDOWN group default \\    link/ether bc:24:11:00:00:01 brd ff:ff:ff:ff:ff:ff'
const down =
  '3: vtnet1@if4: <BROADCAST,MULTICAST> mtu 1500 qdisc noqueue state DOWN group default \\    link/ether bc:24:11:00:00:01 brd ff:ff:ff:ff:ff:ff'

function read(...lines: string[]): Interfaces {
  const interfaces: Interfaces = new Map()
  for (const line of lines) readMonitorLine(interfaces, line)
  return interfaces
}

it('an interface is known with its MAC, MTU, state and addresses', () => {
  expect(
    read(up, '3: vtnet1    inet 10.102.0.2/24 brd 10.102.0.255 scope global vtnet1\\       valid_lft forever').get(
      'vtnet1',
    ),
  ).toEqual({
    mac: 'bc:24:11:00:00:01',
    mtu: 1500,
    adminUp: true,
    carrier: true,
    addresses: ['10.102.0.2/24'],
  })
})

it('a lost carrier is not an interface taken down: taking it down keeps the carrier as it was', () => {
  expect(read(up, unplugged).get('vtnet1')).toMatchObject({ adminUp: true, carrier: false })
  expect(read(up, down).get('vtnet1')).toMatchObject({ adminUp: false, carrier: true })
})

it('deleted addresses and interfaces go', () => {
  const address = '3: vtnet1    inet 10.101.0.150/24 brd 10.101.0.255 scope global vtnet1'
  expect(read(up, address, address, `Deleted ${address}`).get('vtnet1')?.addresses).toEqual([])
  expect(read(up, `Deleted ${up}`).size).toBe(0)
})

it('lines that tell something else change nothing', () => {
  expect(read('', 'nonsense', '3: vtnet1    inet6 fe80::1/64 scope link').size).toBe(0)
})
