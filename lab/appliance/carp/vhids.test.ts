import { expect, it } from 'vitest'
import type { Defect, VipConfig } from '../config.ts'
import { vhidsOf } from './vhids.ts'

const vip = (address: string, more: Partial<VipConfig> = {}): VipConfig => {
  return { device: 'vtnet0', vhid: 1, address, advbase: 1, advskew: 100, password: 'x', description: '', ...more }
}
const born = (...defects: Defect[]) => vhidsOf({ vips: [vip('203.0.113.4/28')], defects })[0]

it('addresses and aliases of one VHID are one, whatever their order; an alias without its VHID is nothing', () => {
  const alias = vip('203.0.113.5/28', { mode: 'ipalias', advskew: 0, password: '' })
  const lost = vip('203.0.113.6/28', { mode: 'ipalias', vhid: 9 })
  const vhids = vhidsOf({ vips: [alias, lost, vip('203.0.113.4/28'), vip('2001:db8::4/64')], defects: [] })
  expect(vhids).toHaveLength(1)
  expect(vhids[0]).toMatchObject({ addresses: ['203.0.113.4/28', '2001:db8::4/64', '203.0.113.5/28'], advskew: 100 })
})

it('the same number on two NICs are two VHIDs', () => {
  const vhids = vhidsOf({ vips: [vip('203.0.113.4/28'), vip('192.168.1.254/24', { device: 'vtnet1' })], defects: [] })
  expect(vhids.map(({ device }) => device)).toEqual(['vtnet0', 'vtnet1'])
})

it('defects change what is advertised', () => {
  expect(born('carp-wrong-password')?.password).not.toBe('x')
})
