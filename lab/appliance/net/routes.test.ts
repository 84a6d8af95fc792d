import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfigXml } from '../configuration/config-xml.ts'
import { addressCommands } from './configure-interfaces.ts'
import { chooseGateway, defaultGateway } from './gateway-choice.ts'
import { routeCommands, steeringCommands } from './routes.ts'

const read = (name: string) =>
  readConfigXml(readFileSync(join(import.meta.dirname, `../configuration/fixture/${name}.xml`), 'utf8')).config
const all = () => true
const without = (name: string) => (each: string) => each !== name

describe('two WANs and a tunnel', () => {
  const config = read('pfsense')

  it('have a table each, which leads nowhere until the way is there', () => {
    expect(steeringCommands(config).slice(0, 2)).toEqual([
      'rule add from 0.0.0.0/0 fwmark 257 lookup 257 pref 257',
      'route replace blackhole 0.0.0.0/0 metric 9999 table 257',
    ])
    expect(routeCommands(config, all, (device) => device !== 'ovpnc1')).toEqual([
      'route replace 0.0.0.0/0 via 203.0.113.254 dev vtnet0 onlink table 257',
      'route replace 198.51.100.1 via 203.0.113.254 dev vtnet0 onlink',
      'route replace 0.0.0.0/0 via 100.64.0.1 dev vtnet4 onlink table 258',
      'route replace 198.51.100.2 via 100.64.0.1 dev vtnet4 onlink',
      'route replace 0.0.0.0/0 via 203.0.113.254 dev vtnet0 onlink',
    ])
    expect(routeCommands(config, all, all)).toContain('route replace 0.0.0.0/0 dev ovpnc1 table 259')
  })

  it('change the default when the first is down, and stay with the first when both are', () => {
    expect(defaultGateway(config, 'inet', without('WAN_PRIMARY'))?.name).toBe('WAN_LTE')
    expect(defaultGateway(config, 'inet', () => false)?.name).toBe('WAN_PRIMARY')
    expect(routeCommands(config, without('WAN_PRIMARY'), all)).toContain(
      'route replace 0.0.0.0/0 via 100.64.0.1 dev vtnet4 onlink',
    )
  })

  it('stand in for each other in a group, but not for a gateway by name', () => {
    expect(chooseGateway(config, 'WAN_FAILOVER', without('WAN_PRIMARY'))?.name).toBe('WAN_LTE')
    expect(chooseGateway(config, 'WAN_FAILOVER', () => false)).toBeUndefined()
    expect(chooseGateway(config, 'VPN_GW', without('VPN_GW'))).toBeUndefined()
  })
})

it('a NIC gets the addresses of both families, and its aliases', () => {
  const [wan] = read('opnsense').interfaces
  expect(wan && addressCommands({ ...wan, aliases: ['203.0.113.9/28'] })).toEqual([
    'addr add 203.0.113.3/28 brd + dev vtnet0',
    'addr add 203.0.113.9/28 brd + dev vtnet0',
    'addr add 2001:db8:1:1::3/64 dev vtnet0 nodad',
    'link set vtnet0 up',
  ])
  expect(routeCommands(read('opnsense'), all, all)).toContain(
    'route replace ::/0 via 2001:db8:1:1::1 dev vtnet0 onlink',
  )
})
