import { expect, test } from 'vitest'
import type { Lab } from '../model/lab.ts'
import { pair } from './fixture/pair.ts'
import { slowestOf, takeoverLimits } from './limit.ts'
import { vipsBetween } from './path.ts'

const wan = { network: 'wan', vhid: 2, address: '203.0.113.1/28', skew: { fw1: 0, fw2: 200 } }
const lab: Lab = { ...pair, pair: { ...pair.pair, vips: [...pair.pair.vips, { advbase: 1, password: 'x', ...wan }] } }
const limits = (kind: string, network: string | null = null, master = 'fw1') =>
  takeoverLimits(lab, { kind, network }, master).map(({ vip: { vhid }, range }) => [vhid, range.low, range.high])

test('a crash of the master leaves every VIP to the timer of the backup', () => {
  expect(limits('vm-stop')).toEqual([
    [1, 2390.625, 3410.625],
    [2, 2781.25, 3801.25],
  ])
})

test('the skews are those of whoever was hit and of whoever remains', () => {
  expect(limits('vm-stop', null, 'fw2')).toEqual([
    [1, 3000 - 1390.625, 3020],
    [2, 3000 - 1781.25, 3020],
  ])
})

test('a link that the master loses leaves only the VIPs of that network to the timer', () => {
  expect(limits('link-down', 'lan')).toEqual([[1, 2390.625, 3410.625]])
})

test('where the master says goodbye, or nobody decides by timers, there is no limit', () => {
  expect(limits('carp-maintenance')).toEqual([])
  expect(limits('path-down', 'wan')).toEqual([])
})

test('the pair has taken over when its slowest VIP has', () => {
  expect(slowestOf(takeoverLimits(lab, { kind: 'vm-stop', network: null }, 'fw1'))).toEqual({
    low: 2781.25,
    high: 3801.25,
  })
  expect(slowestOf([])).toBeNull()
})

test('traffic between two networks needs the VIPs of both, traffic within one needs none', () => {
  const between = (from: string, to: string) => vipsBetween(lab, from, to).map(({ vhid }) => vhid)
  expect(between('client', 'target')).toEqual([1, 2])
  expect(between('client', 'other')).toEqual([])
  expect(between('client', 'somewhere else')).toEqual([1])
})

test('traffic to a target behind another router needs the VIPs of the network in between as well', () => {
  const { target: _, ...others } = lab.machines
  const machines: Lab['machines'] = {
    ...others,
    fw1: { image: 'opnsense', nics: { lan: '10.102.0.2/24', wan: '203.0.113.2/28' } },
    isp: { image: 'isp', nics: { wan: '203.0.113.14/28', uplink: '198.51.100.1/24' } },
    target: { image: 'target', nics: { uplink: '198.51.100.10/24' } },
  }
  expect(vipsBetween({ ...lab, machines }, 'client', 'target').map(({ vhid }) => vhid)).toEqual([1, 2])
})

test('traffic to a shared address needs that one only', () => {
  expect(vipsBetween(lab, 'client', 'vip:lan').map(({ vhid }) => vhid)).toEqual([1])
  expect(vipsBetween(lab, 'target', 'vip:2').map(({ vhid }) => vhid)).toEqual([2])
})

test('traffic waits for the VIPs of its own family', () => {
  const six = { advbase: 1, password: 'x', skew: {}, network: 'lan', vhid: 3, address: '2001:db8::1/64' }
  const both: Lab = { ...lab, pair: { ...lab.pair, vips: [six, ...lab.pair.vips] } }
  expect(vipsBetween(both, 'client', 'target').map(({ vhid }) => vhid)).toEqual([1, 2])
  expect(vipsBetween(both, 'client', 'target', 6).map(({ vhid }) => vhid)).toEqual([3])
})
