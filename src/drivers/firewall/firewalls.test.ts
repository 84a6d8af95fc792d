import { afterEach, beforeEach, expect, test } from 'vitest'
import { HarnessError } from '../../model/failure.ts'
import type { Shell } from '../../ports/shell.ts'
import { type ScriptedFirewall, startScriptedFirewall } from './fixture/scripted-firewall.ts'
import { type Firewalls, connectFirewalls } from './index.ts'

const { signal } = new AbortController()
const time = { nowMs: 0 }
const clock = { nowMs: () => (time.nowMs += 1), sleep: async (ms: number) => void (time.nowMs += ms) }
let api: ScriptedFirewall
let firewalls: Firewalls | undefined
let commands: [node: string, command: string][]

beforeEach(async () => {
  commands = []
  firewalls = undefined
  api = await startScriptedFirewall('key=k3y\nsecret=s3cret\nuser=admin\npassword=x\n')
  const node = { flag: false }
  api.script['GET /api/interfaces/overview/interfaces_info'] = { body: { rows: [] } }
  api.script['POST /api/diagnostics/interface/get_vip_status'] = () => ({
    body: {
      rows: [],
      carp: { demotion: node.flag ? '240' : '0', allow: '1', maintenancemode: node.flag, status_msg: '' },
    },
  })
  api.script['POST /api/diagnostics/interface/carp_status/maintenance'] = () => {
    node.flag = true
    return { body: { status: 'ok', action: 'enter_maintenance' } }
  }
})
afterEach(async () => {
  await firewalls?.close()
  await api.close()
})

/** A shell at which every node but those in `down` answers with the same text. */
function connect(
  images: Record<string, string>,
  { text = '', down = new Array<string>(), withApi = true } = {},
): Firewalls {
  const shell: Shell = {
    run: async (node, command) => {
      commands.push([node, command])
      if (down.includes(node)) throw new HarnessError(`cannot reach ${node} by SSH: refused`, { exitCode: 69 })
      return text
    },
    spawn: () => Promise.reject(new Error('not here')),
    close: async () => {},
  }
  firewalls = connectFirewalls({ shell, images, access: withApi ? { fw1: api.access } : {}, clock })
  return firewalls
}

const state = (flag: boolean, skew: number) =>
  `firedrill: ifconfig\nvtnet0: flags=1\n\tcarp: MASTER vhid 1 advbase 1 advskew ${skew}\nfiredrill: carp\n` +
  `net.inet.carp.allow: 1\nnet.inet.carp.preempt: 1\nnet.inet.carp.demotion: 0\nfiredrill: pfsync\nfiredrill: flag\n${Number(flag)}\nfiredrill: end\n`

test('an OPNsense whose API is known is controlled by it, and read over SSH', async () => {
  const { firewall, sources, sourcesOf } = connect({ fw1: 'opnsense-25.7' }, { text: state(false, 0) })
  await firewall.maintenance.enter('fw1', signal)
  expect(api.seen.map(({ call }) => call)).toContain('POST /api/diagnostics/interface/carp_status/maintenance')
  expect(commands).toEqual([])
  await firewall.haReader.read('fw1', signal)
  expect(commands).toHaveLength(1)
  expect(Object.keys(sources)).toEqual(['ssh', 'rest'])
  expect(sourcesOf('fw1')).toEqual({ read: 'ssh', control: 'rest' })
})

test('an OPNsense without an API is controlled by configctl, a pfSense by its own sessions', async () => {
  const opnsense = connect({ fw1: 'opnsense-25.7' }, { text: state(true, 0), withApi: false })
  expect(opnsense.sources.rest).toBeUndefined()
  expect(opnsense.sourcesOf('fw1')).toEqual({ read: 'ssh', control: 'ssh' })
  await expect(opnsense.firewall.maintenance.enter('fw1', signal)).rejects.toMatchObject({ kind: 'no-effect' })
  const pfsense = connect({ fw1: 'pfsense-2.8' }, { text: state(false, 0) })
  await expect(pfsense.firewall.maintenance.enter('fw1', signal)).rejects.toMatchObject({ kind: 'no-effect' })
  expect(commands.map(([, command]) => command)).toContain(
    `/bin/sh -c '/usr/local/sbin/pfSsh.php playback enablecarpmaint'`,
  )
  expect(pfsense.sourcesOf('fw1')).toEqual({ read: 'ssh', control: 'ssh' })
})

test('a machine without an image is asked once what it is', async () => {
  const text =
    'firedrill: opnsense\nfiredrill: pfsense\n2.8.0-RELEASE\nfiredrill: boot\n{ sec = 1753561234 }\nfiredrill: now\n1753561334\nfiredrill: end\n'
  const { firewall } = connect({}, { text })
  expect(await firewall.system.read('fw1', signal)).toMatchObject({ product: 'pfSense' })
  await firewall.system.read('fw1', signal)
  expect(commands).toHaveLength(3)
})

test('what a way in has no means for is refused by name', async () => {
  const { sources } = connect({ fw1: 'opnsense-25.7', fw2: 'opnsense-25.7' })
  await expect(sources.rest?.filter?.disable('fw1', signal)).rejects.toMatchObject({
    kind: 'no-such-role',
    exitCode: 69,
    message: 'expected fw1 to do its part of "pf off and on" by REST, which has no means for it',
  })
  await expect(sources.rest?.haReader.read('fw2', signal)).rejects.toMatchObject({
    kind: 'no-such-role',
    message: 'expected its API in the target file for fw2, came none',
  })
})

test('where half of the pair cannot be reached, that half is named in one line, and nothing is said of the pair', async () => {
  const { firewall, haReader, sources } = connect(
    { fw1: 'pfsense-2.8', fw2: 'pfsense-2.8' },
    { text: state(false, 0), down: ['fw2'] },
  )
  expect((await haReader.read('fw1', signal)).allow).toBe(true)
  const line = { exitCode: 69, message: 'cannot reach fw2 by SSH: refused' }
  await expect(haReader.read('fw2', signal)).rejects.toMatchObject(line)
  await expect(sources.ssh?.stateSync?.read('fw2', signal)).rejects.toMatchObject(line)
  await expect(firewall.maintenance.enter('fw2', signal)).rejects.toMatchObject(line)
  await expect(firewall.configSync.compare('fw2', 'fw1', signal)).rejects.toMatchObject(line)
})
