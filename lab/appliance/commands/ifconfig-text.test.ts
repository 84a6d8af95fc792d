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
  expect(formatPfsync({ syncdev: 'vtnet2', syncpeer: '10.0.0.2', mtu: 1500, ok: true })).toBe(
    `pfsync0: flags=1000041<UP,RUNNING,LOWER_UP> metric 0 mtu 1500
	syncdev: vtnet2 syncpeer: 10.0.0.2 maxupd: 128 defer: off version: 1400
	syncok: 1
`,
  )
})
