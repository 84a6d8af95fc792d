import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { particularsOnDisk } from './particulars.ts'
import { readParticulars } from './reading.ts'
import { planSetUp } from './set-up.ts'

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA== harness'
const network = {
  nics: [
    { name: 'eth0', mac: 'bc:24:11:00:00:01', address: '10.102.0.50/24', dhcp: false, gateway: '10.102.0.1' },
    { name: 'eth1', mac: 'bc:24:11:00:00:02', address: null, dhcp: true },
  ],
  nameservers: ['192.168.66.1'],
}
const texts = {
  network: JSON.stringify(network),
  meta: JSON.stringify({ hostname: 'client', instanceId: 'i-1' }),
  user: JSON.stringify({ user: 'root', sshKeys: [key] }),
}
const links = [
  { name: 'lo', mac: '00:00:00:00:00:00' },
  { name: 'eth0', mac: 'bc:24:11:00:00:01' },
  { name: 'eth1', mac: 'bc:24:11:00:00:02' },
]

describe('the particulars of a machine', () => {
  it('become its name, addresses, route, resolver and keys', () => {
    const { particulars, complaints } = readParticulars(texts)
    expect(complaints).toEqual([])
    expect(planSetUp(particulars, links)).toEqual({
      files: {
        '/etc/hostname': { content: 'client\n' },
        '/etc/hosts': { content: '127.0.0.1 localhost\n127.0.1.1 client\n' },
        '/etc/resolv.conf': { content: 'nameserver 192.168.66.1\n' },
        '/etc/firedrill/authorized_keys': { content: `${key}\n`, mode: 0o600 },
      },
      ipLines: [
        'address replace 10.102.0.50/24 brd + dev eth0',
        'link set eth0 up',
        'link set eth1 up',
        'route replace default via 10.102.0.1 dev eth0',
      ],
      dhcp: ['eth1'],
      complaints: [],
    })
  })

  it('give IPv6 addresses without the wait for duplicates, and a default route of their own', () => {
    const six = { address6: '2001:db8:1:2::50/64', gateway6: '2001:db8:1:2::254' }
    const nic = { name: 'eth0', mac: null, address: '10.102.0.50/24', dhcp: false, ...six }
    const told = readParticulars({ ...texts, network: JSON.stringify({ nics: [nic] }) })
    expect(told.complaints).toEqual([])
    expect(planSetUp(told.particulars, links).ipLines).toEqual([
      'address replace 10.102.0.50/24 brd + dev eth0',
      'address replace 2001:db8:1:2::50/64 dev eth0 nodad',
      'link set eth0 up',
      'route replace ::/0 via 2001:db8:1:2::254 dev eth0',
    ])
    const wrong = { ...nic, address6: '2001:db8::1/129', gateway6: 'fe80::1%eth0; reboot' }
    const refused = readParticulars({ ...texts, network: JSON.stringify({ nics: [wrong] }) })
    expect(planSetUp(refused.particulars, links).ipLines).toEqual([
      'address replace 10.102.0.50/24 brd + dev eth0',
      'link set eth0 up',
    ])
  })

  it('find a NIC by its MAC whatever its name, by its name where no MAC is told, and tell of one that is missing', () => {
    const [first, second] = network.nics
    const swapped = { nics: [{ ...first, name: 'eth1' }, second], nameservers: [] }
    const told = readParticulars({ network: JSON.stringify(swapped), meta: undefined, user: undefined })
    expect(planSetUp(told.particulars, links).ipLines[0]).toBe('address replace 10.102.0.50/24 brd + dev eth0')
    const unnamed = readParticulars({ ...texts, network: JSON.stringify({ nics: [{ ...first, mac: null }] }) })
    expect(planSetUp(unnamed.particulars, links).ipLines[0]).toBe('address replace 10.102.0.50/24 brd + dev eth0')
    expect(planSetUp(told.particulars, links.slice(0, 1))).toMatchObject({
      ipLines: [],
      complaints: [
        'no NIC eth1 (bc:24:11:00:00:01) in this machine',
        'no NIC eth1 (bc:24:11:00:00:02) in this machine',
      ],
    })
  })

  it('that are not told leave the disk as it is', () => {
    const { particulars } = readParticulars({ network: undefined, meta: undefined, user: undefined })
    expect(planSetUp(particulars, links)).toEqual({ files: {}, ipLines: [], dhcp: [], complaints: [] })
  })

  it('are the same from the disk as from the hypervisor', () => {
    const files = particularsOnDisk(readParticulars(texts).particulars)
    const read = (name: string) => files[`/etc/firedrill/cloud-init/${name}.json`]?.content
    const again = { network: read('network-config'), meta: read('meta-data'), user: read('user-data') }
    expect(readParticulars(again)).toEqual(readParticulars(texts))
  })

  it.each([
    ['network', 'no JSON', 'network-config: expected a JSON object, got no JSON'],
    ['network', '{"nics":[{"name":"eth0; reboot"}]}', "network-config: expected a NIC's name, got eth0; reboot"],
    ['network', '{"nics":[7]}', 'network-config: expected a NIC, got 7'],
    ['meta', '{"hostname":"a\\nb"}', 'meta-data: expected a host name, got a\nb'],
    ['user', '{"user":"admin"}', "user-data: expected user root, got admin: its keys are root's here"],
  ])('that are wrong are told and left out: %s %s', (part, text, complaint) => {
    expect(readParticulars({ ...texts, [part]: text }).complaints).toEqual([complaint])
  })

  it('leave out an address that is none, and a key that is more than a key', () => {
    const bad = {
      nics: [{ name: 'eth0', mac: null, address: '10.0.0.1/33', dhcp: false }],
      nameservers: ['x', '1.1.1.1'],
    }
    const user = { user: 'root', sshKeys: [`command="x" ${key}`, `${key}\nno-key`, key] }
    const { particulars, complaints } = readParticulars({
      network: JSON.stringify(bad),
      meta: undefined,
      user: JSON.stringify(user),
    })
    expect(particulars.network).toEqual({ nics: [{ ...bad.nics[0], address: null }], nameservers: ['1.1.1.1'] })
    expect(particulars.user?.sshKeys).toEqual([key])
    expect(complaints).toEqual(['network-config: eth0: expected an address with its prefix, got 10.0.0.1/33'])
  })

  it('never throw, and never become a line that says something else', () => {
    const safe =
      /^(address replace [\d.]+\/\d+ brd \+ dev eth\d|link set eth\d up|route replace default via [\d.]+ dev eth\d)$/
    const wild = fc.oneof(fc.jsonValue(), fc.constantFrom(...network.nics, '10.0.0.1/24', '1.1.1.1\nlink del eth0'))
    const nic = fc.record({
      name: fc.oneof(fc.constant('eth0'), wild),
      address: wild,
      mac: wild,
      gateway: wild,
      dhcp: wild,
    })
    fc.assert(
      fc.property(fc.oneof(wild, fc.record({ nics: fc.oneof(wild, fc.array(nic)), nameservers: wild })), (value) => {
        const { particulars } = readParticulars({ network: JSON.stringify(value), meta: undefined, user: undefined })
        for (const line of planSetUp(particulars, links).ipLines) expect(line).toMatch(safe)
      }),
    )
  })
})
