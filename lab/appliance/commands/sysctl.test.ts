import { beforeEach, expect, it } from 'vitest'
import { bootNode, memoryStore } from '../control/node.fixture.ts'
import type { Firewall } from './command.ts'
import { sysctl } from './sysctl.ts'

let firewall: Firewall

beforeEach(() => {
  firewall = bootNode('opnsense', memoryStore()).firewall
  firewall.speaker.node = { ...firewall.speaker.node, senderrFactor: 0 }
})

it('reads one value bare with -n, and a subtree with names', () => {
  expect(sysctl(firewall, ['-n', 'net.inet.carp.demotion'])).toEqual({ status: 0, output: '0\n' })
  expect(sysctl(firewall, ['net.inet.carp'])).toEqual({
    status: 0,
    output: `net.inet.carp.ifdown_demotion_factor: 240
net.inet.carp.senderr_demotion_factor: 0
net.inet.carp.demotion: 0
net.inet.carp.log: 1
net.inet.carp.preempt: 0
net.inet.carp.dscp: 56
net.inet.carp.allow: 1
`,
  })
})

it('writing the demotion adds to it', () => {
  expect(sysctl(firewall, ['net.inet.carp.demotion=240'])).toEqual({
    status: 0,
    output: 'net.inet.carp.demotion: 0 -> 240\n',
  })
  expect(sysctl(firewall, ['net.inet.carp.demotion=-250'])).toEqual({
    status: 0,
    output: 'net.inet.carp.demotion: 240 -> -10\n',
  })
})

it('refuses unknown names, read-only values and what is no number', () => {
  expect(sysctl(firewall, ['net.inet.crap'])).toEqual({ status: 1, output: "sysctl: unknown oid 'net.inet.crap'\n" })
  expect(sysctl(firewall, ['net.inet.carp.dscp=1'])).toMatchObject({ status: 1 })
  expect(sysctl(firewall, ['net.inet.carp.demotion=x'])).toEqual({ status: 1, output: "sysctl: invalid integer 'x'\n" })
})

it('tells when the appliance booted, by its own clock', () => {
  expect(sysctl(firewall, ['-n', 'kern.boottime'])).toEqual({
    status: 0,
    output: '{ sec = 1785097234, usec = 250000 } Sun Jul 26 20:20:34 2026\n',
  })
})
