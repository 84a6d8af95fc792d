import { expect, it } from 'vitest'
import { nicJson, parseIfconfig } from './ifconfig.ts'

const text = `vtnet0: flags=1008943<UP,BROADCAST,RUNNING,PROMISC,SIMPLEX,MULTICAST,LOWER_UP> metric 0 mtu 1500
\tether bc:24:11:00:00:01
\tinet 192.168.1.2 netmask 0xffffff00 broadcast 192.168.1.255
\tinet 192.168.1.1 netmask 0xffffff00 broadcast 192.168.1.255 vhid 1
\tinet6 fe80::be24:11ff:fe00:1%vtnet0 prefixlen 64 scopeid 0x1
\tinet6 2001:db8::1 prefixlen 64 vhid 1
\tcarp: MASTER vhid 1 advbase 1 advskew 0
\t      peer 224.0.0.18 peer6 ff02::12
\tmedia: Ethernet autoselect (10Gbase-T <full-duplex>)
\tstatus: active
vtnet1: flags=8802<BROADCAST,SIMPLEX,MULTICAST> metric 0 mtu 1400
\tether bc:24:11:00:00:02
\tstatus: no carrier
`

it('what ifconfig prints becomes what the API tells', () => {
  const [lan, dead] = parseIfconfig(text)
  expect(lan && nicJson(lan)).toEqual({
    flags: ['up', 'broadcast', 'running', 'promisc', 'simplex', 'multicast', 'lower_up'],
    macaddr: 'bc:24:11:00:00:01',
    mtu: '1500',
    status: 'active',
    ipv4: [
      { ipaddr: '192.168.1.2', subnetbits: 24, tunnel: false },
      { ipaddr: '192.168.1.1', subnetbits: 24, tunnel: false, vhid: '1' },
    ],
    ipv6: [
      { ipaddr: 'fe80::be24:11ff:fe00:1', subnetbits: 64, tunnel: false, link_local: true },
      { ipaddr: '2001:db8::1', subnetbits: 64, tunnel: false, link_local: false, vhid: '1' },
    ],
    carp: {
      '1': { status: 'MASTER', vhid: '1', advbase: '1', advskew: '0', peer: '224.0.0.18', peer6: 'ff02::12' },
    },
  })
  expect(dead).toMatchObject({ device: 'vtnet1', status: 'no carrier', inet: [], carp: [] })
})

it('text of something else has no NICs', () => {
  expect(parseIfconfig('ifconfig: interface x does not exist\n')).toEqual([])
})
