import { expect, it } from 'vitest'
import { mayAsk } from './acl.ts'

const account = (...privileges: string[]) => ({ name: 'x', hash: '', keys: [], privileges: new Set(privileges) })
const interfaceApi = '/api/diagnostics/interface'

it.each([
  ['get_vip_status', '24.7', true],
  ['get_pfsync_nodes', '25.1', true],
  ['carp_status/maintenance', '24.7', false],
  ['carp_status/maintenance', '26.1.10', false],
  ['carp_status/maintenance', '26.1.11', true],
  ['carp_status/disable', '26.7', true],
  ['getVipStatus', '26.7', false],
  ['get_vip_status?x=1', '26.7', false],
])('who may see the CARP status may ask for %s on %s: %s', (action, release, wanted) => {
  expect(mayAsk(account('page-status-carp'), `${interfaceApi}/${action}`, release)).toBe(wanted)
})

it('all pages are all pages, in camelCase too, and no privilege is none', () => {
  expect(mayAsk(account('page-all'), `${interfaceApi}/CarpStatus/maintenance`, '24.7')).toBe(true)
  expect(mayAsk(account(), `${interfaceApi}/get_vip_status`, '26.7')).toBe(false)
  expect(mayAsk(account('constructor'), '/ui/core/dashboard', '26.7')).toBe(false)
})

it('a privilege is for its own addresses only', () => {
  const { length } = ['page-status-interfaces', 'page-diagnostics-logs-system'].filter((privilege) =>
    mayAsk(account(privilege), '/api/diagnostics/log/core/system/export', '25.7'),
  )
  expect(length).toBe(1)
})
