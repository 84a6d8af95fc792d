import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { workplace } from './firedrill.fixture.ts'
import type { Workplace } from './firedrill.fixture.ts'

const killSwitch = join(import.meta.dirname, '../../scenarios/pfsense-dmz/kill-switch-holds.yaml')

let place: Workplace
beforeEach(() => {
  place = workplace()
})
afterEach(() => place.remove())

test('a kill switch that lets private traffic out in clear text is red', { timeout: 300_000 }, async () => {
  const { code, said } = await place.run(['run', '--defect', 'fw1:dead-gateway-rules-kept', killSwitch])
  expect({ code, said: code === 1 ? '' : said }).toEqual({ code: 1, said: '' })
  expect(said).toMatch(/fail vpn-dead\.leaked of private/)
  expect(place.leftovers()).toEqual([])
})
