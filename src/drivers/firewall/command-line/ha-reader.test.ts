import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HarnessError } from '../../../model/failure.ts'
import type { Shell } from '../../../ports/shell.ts'
import { connectFirewalls } from '../index.ts'
import { parseHaState } from './ha-reader.ts'

const interfaces = `vtnet0: flags=1008943<UP,BROADCAST,RUNNING,PROMISC,SIMPLEX,MULTICAST,LOWER_UP> metric 0 mtu 1500
	ether bc:24:11:00:00:01
	inet 10.102.0.2 netmask 0xffffff00 broadcast 10.102.0.255
	inet 10.102.0.1 netmask 0xffffff00 broadcast 10.102.0.255 vhid 1
	carp: MASTER vhid 1 advbase 1 advskew 0
	      peer 224.0.0.18 peer6 ff02::12
	media: Ethernet autoselect (10Gbase-T <full-duplex>)
	status: active
vtnet1_vlan20: flags=8943<UP,BROADCAST,RUNNING,PROMISC,SIMPLEX,MULTICAST> metric 0 mtu 1500
	carp: BACKUP vhid 20 advbase 2 advskew 100
	carp: INIT vhid 21 advbase 1 advskew 0
lo0: flags=1008049<UP,LOOPBACK,RUNNING,MULTICAST,LOWER_UP> metric 0 mtu 16384
`
const sysctls = `net.inet.carp.ifdown_demotion_factor: 240
net.inet.carp.senderr_demotion_factor: 0
net.inet.carp.demotion: 240
net.inet.carp.log: 1
net.inet.carp.preempt: 1
net.inet.carp.dscp: 56
net.inet.carp.allow: 1
`
const pfsync = `pfsync0: flags=1000041<UP,RUNNING,LOWER_UP> metric 0 mtu 1500
	syncdev: vtnet2 syncpeer: 10.103.0.3 maxupd: 128 defer: off version: 1400
	syncok: 1
`
const reading = (ifconfig = interfaces, carp = sysctls, sync = pfsync, flag = '0\n') =>
  `firedrill: ifconfig\n${ifconfig}firedrill: carp\n${carp}firedrill: pfsync\n${sync}firedrill: flag\n${flag}firedrill: end\n`

test('a reading has every VHID with its interface and configured skew, demotion, preemption and state sync', () => {
  expect(parseHaState(reading())).toEqual({
    vhids: [
      { vhid: 1, nic: 'vtnet0', state: 'MASTER', advbase: 1, advskew: 0 },
      { vhid: 20, nic: 'vtnet1_vlan20', state: 'BACKUP', advbase: 2, advskew: 100 },
      { vhid: 21, nic: 'vtnet1_vlan20', state: 'INIT', advbase: 1, advskew: 0 },
    ],
    demotion: 240,
    allow: true,
    preempt: true,
    syncOk: true,
    maintenance: false,
    problem: null,
  })
})

test.each([
  ['', null],
  ['pfsync0: flags=0<> metric 0 mtu 1500\n\tsyncpeer: 224.0.0.240 maxupd: 128 defer: off\n', null],
  [
    'pfsync0: flags=0<> metric 0 mtu 1500\n\tsyncdev: vtnet2 syncpeer: 10.103.0.3 maxupd: 128 defer: off\n\tsyncok: 1\n',
    false,
  ],
  ['pfsync0: flags=41<UP,RUNNING> metric 0 mtu 1500\n\tsyncdev: vtnet2 maxupd: 128 defer: off\n\tsyncok: 0\n', false],
  ['pfsync0: flags=41<UP,RUNNING> metric 0 mtu 1500\n\tsyncdev: vtnet2 maxupd: 128 defer: off\n', false],
  [
    'pfsync0: flags=41<UP,RUNNING> metric 0 mtu 1500\n\tpfsync: syncdev: em1 syncpeer: 224.0.0.240 maxupd: 128 defer: off\n\tsyncok: 1\n',
    true,
  ],
])('state sync as in %j is %s', (sync, syncOk) => {
  expect(parseHaState(reading(interfaces, sysctls, sync)).syncOk).toBe(syncOk)
})

test.each([
  ['0\n', false],
  ['1\n', true],
  ['', null],
])('the flag of maintenance mode counted as %j is %s', (count, maintenance) => {
  expect(parseHaState(reading(interfaces, sysctls, pfsync, count)).maintenance).toBe(maintenance)
})

test('a negative demotion is a number too', () => {
  expect(parseHaState(reading(interfaces, sysctls.replace('demotion: 240', 'demotion: -240'))).demotion).toBe(-240)
})

test.each([
  ['a carp line that cannot be read', reading(interfaces.replace('MASTER', 'MASTERED'))],
  ['a carp line outside any interface', reading('\tcarp: MASTER vhid 1 advbase 1 advskew 0\n')],
  ['no demotion', reading(interfaces, sysctls.replace('net.inet.carp.demotion', 'net.inet.carp.x'))],
  ['two demotions', reading(interfaces, `${sysctls}net.inet.carp.demotion: 0\n`)],
  ['a demotion that is no number', reading(interfaces, sysctls.replace('demotion: 240', 'demotion: none'))],
  ['output without its end', reading().replace('firedrill: end\n', '')],
  ['nothing', ''],
])('%s is an error', (_, output) => {
  expect(() => parseHaState(output)).toThrow(HarnessError)
})

test('a VRRP line of FreeBSD 15 is not taken for CARP', () => {
  const vrrp = interfaces.replace(
    'carp: MASTER vhid 1 advbase 1 advskew 0',
    'vrrp: MASTER vrid 1 prio 100 interval 100',
  )
  expect(parseHaState(reading(vrrp)).vhids.map(({ vhid }) => vhid)).toEqual([20, 21])
})

test('garbage never reads as a node with a master and working state sync', () => {
  const line = fc.constantFrom(...reading().split('\n'))
  const garbage = fc.oneof(
    fc.string(),
    fc.array(fc.oneof(line, fc.string()), { maxLength: 40 }).map((lines) => lines.join('\n')),
  )
  const cut = fc.nat(reading().length - 2).map((length) => reading().slice(0, length))
  fc.assert(
    fc.property(fc.oneof(garbage, cut), (output) => {
      expect(looksHealthy(output) && !isWhole(output)).toBe(false)
    }),
  )
})

function looksHealthy(output: string): boolean {
  try {
    const state = parseHaState(output)
    return state.vhids.some((vhid) => vhid.state === 'MASTER') && state.syncOk === true
  } catch {
    return false
  }
}

/** Shuffled lines of a true reading may by chance be one again. */
const isWhole = (output: string) =>
  [
    'carp: MASTER vhid',
    'carp.demotion: ',
    'carp.allow: ',
    'carp.preempt: ',
    'syncok: 1',
    '<UP',
    'firedrill: end',
  ].every((part) => output.includes(part))

const clock = { nowMs: () => performance.now(), sleep: async () => {} }
const firewallsOver = (run: Shell['run']) =>
  connectFirewalls({
    shell: { run, spawn: () => Promise.reject(new Error('not here')), close: async () => {} },
    images: {},
    access: {},
    clock,
  })
const signal = new AbortController().signal

test('one reading is one command, for a login shell that may be csh', async () => {
  const commands: string[] = []
  const { haReader } = firewallsOver(async (_, command) => (commands.push(command), reading()))
  expect((await haReader.read('fw1', signal)).demotion).toBe(240)
  expect(commands).toEqual([expect.stringMatching(/^\/bin\/sh -c '.*'$/)])
})

test('a node that does not answer is given up after 3 s', async () => {
  const never: Shell['run'] = async (_, _command, options) =>
    await new Promise((_resolve, reject) => {
      options.signal.addEventListener('abort', () => reject(new Error('aborted')))
    })
  const { haReader } = firewallsOver(never)
  await expect(haReader.read('fw1', signal)).rejects.toThrow(
    'expected fw1 to tell its CARP state within 3 s, came nothing',
  )
})

test.each([
  ['OPNsense 25.7.3_7 (amd64)\n', 'OPNsense 25.7.3_7 (amd64)'],
  ['"Debian GNU/Linux 12 (bookworm)"\nLinux 6.1.0\n', 'Debian GNU/Linux 12 (bookworm)'],
])('the version in %j is %s', async (output, version) => {
  expect(await firewallsOver(async () => output).versions.version('isp', signal)).toBe(version)
})

test('a machine that tells no version is an error', async () => {
  await expect(firewallsOver(async () => '\n').versions.version('isp', signal)).rejects.toThrow(
    'expected isp to tell its product and release, came nothing',
  )
})
