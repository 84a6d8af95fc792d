import { expect, it } from 'vitest'
import { renderDhclientScript } from './dhclient.ts'

it('the outbound NAT is in place before the address and the default route', () => {
  const script = renderDhclientScript()
  const [nat, address, route] = [
    'snat to $new_ip_address',
    'addr replace $new_ip_address',
    'route replace default',
  ].map((text) => script.indexOf(text))
  expect(nat).toBeGreaterThan(0)
  expect(address).toBeGreaterThan(nat ?? 0)
  expect(route).toBeGreaterThan(address ?? 0)
})

it('with the defect NAT goes to the address of the node', () => {
  const script = renderDhclientScript(2)
  expect(script).toContain('snat to ${new_ip_address%.*}.2\n')
  expect(script).toContain('addr replace ${new_ip_address%.*}.2/$new_subnet_mask dev wanown')
})
