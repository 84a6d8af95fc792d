import { expect, it } from 'vitest'
import { parseLeases } from './leases.ts'

const text = `1795240000 bc:24:11:00:00:50 192.168.1.50 client 01:bc:24:11:00:00:50
0 bc:24:11:00:00:51 192.168.1.51 * *
duid 00:01:00:01
1795240000 12345 2001:db8::50 client 00:01
`

it('leases are read from the file of dnsmasq, those without a name and without an end too', () => {
  const lan = { device: 'vtnet1', key: 'lan', description: 'LAN' }
  expect(parseLeases(text, () => lan)).toEqual([
    { endsAtSeconds: 1_795_240_000, mac: 'bc:24:11:00:00:50', address: '192.168.1.50', hostName: 'client', ...lan },
    { endsAtSeconds: 0, mac: 'bc:24:11:00:00:51', address: '192.168.1.51', hostName: '', ...lan },
  ])
})
