import { expect, it } from 'vitest'
import { formatInterface, formatPfsync } from './ifconfig-text.ts'

const nic = { mac: 'bc:24:11:00:00:01', mtu: 1500, adminUp: true, carrier: true, addresses: ['192.168.1.2/24'] }

it('an interface with a VHID looks as on FreeBSD 14, whatever its state the virtual address is listed', () => {
  const carp = { vhid: 1, state: 'MASTER' as const, advbase: 1, advskew: 0, addresses: ['192.168.1.1/24'] }
  expect(formatInterface('vtnet0', nic, [carp])).toBe(
    `vtnet0: flags=1008943<UP,BROADCAST,RUNNING,PROMISC,SIMPLEX,MULTICAST,LOWER_UP> metric 0 mtu 1500
	ether bc:24:11:00:00:01
	inet 192.168.1.2 netmask 0xffffff00 broadcast 192.168.1.255
	inet 192.168.1.1 netmask 0xffffff00 broadcast 192.168.1.255 vhid 1
	carp: MASTER vhid 1 advbase 1 advskew 0
	      peer 224.0.0.18 peer6 ff02::12
	media: Ethernet autoselect (10Gbase-T <full-duplex>)
	status: active
`,
  )
})

it('an unplugged interface has no carrier and no LOWER_UP', () => {
  const text = formatInterface('vtnet2', { ...nic, carrier: false }, [])
  expect(text).toContain('flags=8843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> metric 0')
  expect(text).toContain('status: no carrier')
})

it('pfsync0 tells its peer and whether it is in sync', () => {
  expect(
    formatPfsync({ syncdev: 'vtnet2', syncpeer: '10.0.0.2', mtu: 1500, defer: false, version: 1400, ok: true }),
  ).toBe(
    `pfsync0: flags=1000041<UP,RUNNING,LOWER_UP> metric 0 mtu 1500
	syncdev: vtnet2 syncpeer: 10.0.0.2 maxupd: 128 defer: off version: 1400
	syncok: 1
`,
  )
})

it('IPv6 addresses have a prefix length, link-local ones their scope; unicast peers are told', () => {
  const inet6 = { ...nic, addresses: ['2001:db8::2/64', 'fe80::1/64'] }
  const carp = { vhid: 2, state: 'BACKUP' as const, advbase: 1, advskew: 100, addresses: ['2001:db8::1/64'] }
  const lines = formatInterface('vtnet1', inet6, [{ ...carp, peers: { inet6: '2001:db8::3' } }]).split('\n')
  expect(lines.slice(2, 7)).toEqual([
    '\tinet6 2001:db8::2 prefixlen 64',
    '\tinet6 fe80::1%vtnet1 prefixlen 64 scopeid 0x2',
    '\tinet6 2001:db8::1 prefixlen 64 vhid 2',
    '\tcarp: BACKUP vhid 2 advbase 1 advskew 100',
    '\t      peer 224.0.0.18 peer6 2001:db8::3',
  ])
})
