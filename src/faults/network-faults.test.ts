import { beforeEach, expect, test } from 'vitest'
import type { Nic } from '../ports/hypervisor.ts'
import { play, site, toolsOver } from './fake-site.fixture.ts'
import { faults } from './index.ts'

let tables: Map<string, string>
let dropped: number
let downs: Set<string>
let queue: string
let modules: string[]
let nic: Nic

beforeEach(() => {
  tables = new Map()
  dropped = 1
  downs = new Set()
  queue = ''
  modules = ['tbf']
  nic = { model: 'virtio', mac: 'bc:24:11:00:00:01', bridge: 'vnet101', linkDown: false }
})

/** A hypervisor's node and the guests on it: rules, taps, queues, one NIC. */
function answer(where: string, command: string, input: string): string {
  const guest = command.startsWith('ifconfig vtnet') ? `status: ${nic.linkDown ? 'no carrier' : 'active'}` : ''
  return where === 'pve1' ? (rules(command, input) ?? taps(command) ?? queues(command)) : guest
}

function rules(command: string, input: string): string | null {
  if (command.startsWith('test -e')) return 'there\n'
  if (command === 'nft list tables bridge') return [...tables.keys()].map((name) => `table bridge ${name}\n`).join('')
  if (command.startsWith('nft list table'))
    return [...tables.values()].join('').replaceAll('counter drop', `counter packets ${dropped} bytes 70 drop`)
  if (!command.startsWith('nft -f')) return null
  const [, name = ''] = /table bridge (\w+)/.exec(input) ?? []
  if (input.includes('delete table')) tables.delete(name)
  else tables.set(name, input)
  return ''
}

function taps(command: string): string | null {
  const [, device = '', way] = /ip link set (\S+) (up|down)$/.exec(command) ?? []
  if (way === 'down') downs.add(device)
  if (way === 'up') downs.delete(device)
  const [, shown] = /ip -o link show (\S+)/.exec(command) ?? []
  if (shown !== undefined) return `7: ${shown}: <BROADCAST,${downs.has(shown) ? '' : 'UP,'}LOWER_UP> mtu 1500`
  if (command.startsWith('ls /sys')) return nic.bridge === 'vnet101' ? '' : 'tap9101i0\n'
  return command.startsWith('cat /sys') ? '10\n20\n' : null
}

function queues(command: string): string {
  const [, discipline = ''] = /handle fd1e: (.*?)(;|$)/.exec(command) ?? []
  if (command.startsWith('ip link add') && !modules.some((name) => discipline.startsWith(name)))
    throw new Error('Specified qdisc kind is unknown')
  if (command.startsWith('tc qdisc replace')) queue = `qdisc ${discipline} fd1e: root Sent 9 bytes 3 pkt overlimits 4`
  if (command.includes('tc qdisc del')) queue = ''
  return queue
}

const nics = {
  readNic: () => Promise.resolve({ ...nic }),
  writeNic: (_: string, __: number, changes: object) => {
    nic = { ...nic, ...changes }
    return Promise.resolve({ sentMs: 0, ackedMs: 0 })
  },
}
const tools = () => toolsOver(answer, { nics })

const dropping: [string, Record<string, unknown>, string[]][] = [
  ['pfsync-drop', { from: 'fw1', to: 'fw2' }, ['oifname "tap9102i2" ether type ip ip protocol 240']],
  ['gateway-blackhole', { on: 'isp', network: 'wan' }, ['oifname "tap9100i0" ether type ip', 'iifname "tap9100i0"']],
  ['dns-dead', { on: 'isp', network: 'wan' }, ['oifname "tap9100i0" ether type ip udp dport 53', 'tcp dport 53']],
  ['path-impair', { on: 'isp', network: 'wan', loss: 12.5, oneWay: true }, ['numgen random mod 10000 < 1250']],
  ['path-impair', { on: 'isp', network: 'wan', mtu: 1300 }, ['meta length > 1300']],
]

test.each(dropping)('%s %j drops what it says, and no rule is left', async (kind, params, wanted) => {
  const seen: string[] = []
  const looking = toolsOver(
    (where, command, input) => {
      seen.push(input)
      return answer(where, command, input)
    },
    { nics },
  )
  const { begun, healed, undo } = await play(kind, params, looking)
  expect({ begun, healed, left: tables.size }).toEqual({ begun: true, healed: true, left: 0 })
  for (const part of wanted) expect(seen.join('\n')).toContain(part)
  expect(undo.join()).toMatch(/^nft delete table bridge firedrill_/)
})

test.each(dropping)('%s %j without a dropped packet is not believed', async (kind, params) => {
  dropped = 0
  expect((await play(kind, params, tools())).begun).toBe(false)
})

test('a tap that is down proves a cut path only while the guest keeps its carrier', async () => {
  const path = { on: 'fw1', network: 'wan' }
  expect(await play('path-down', path, tools())).toMatchObject({
    begun: true,
    healed: true,
    undo: ['ip link set tap9101i0 up'],
  })
  expect((await play('path-down', path, tools(), false)).begun).toBe(false)
  nic.linkDown = true
  expect((await play('path-down', path, tools())).begun).toBe(false)
  downs.add('tap9101i0')
  await expect(play('path-down', path, tools())).rejects.toThrow('expected tap9101i0 of fw1 to be up')
})

test('a NIC is moved to an empty bridge of our own and back, and the undo says so in commands', async () => {
  const { undo, ...seen } = await play('nic-move', { on: 'fw1', network: 'wan' }, tools())
  expect(seen).toMatchObject({ begun: true, healed: true })
  expect(undo.join('\n')).toContain('bridge=vnet101')
  expect(undo.join('\n')).toContain('ip link del fdempty9101')
  expect((await play('nic-move', { on: 'fw1', network: 'wan' }, tools(), false)).begun).toBe(false)
})

test('a link that flaps is believed when the guest saw every down, and ends up', async () => {
  const flaps = { on: 'fw1', network: 'lan', times: 3, period: '2s' }
  expect(await play('link-flap', flaps, tools())).toMatchObject({ begun: true, healed: true })
  expect((await play('link-flap', flaps, tools(), false)).begun).toBe(false)
  expect(faults['link-flap']?.params.safeParse({ ...flaps, period: '20s' }).success).toBe(false)
})

test('a rate is limited by tbf; a delay needs netem, and is refused with the name of the module where the kernel has none', async () => {
  const path = { on: 'isp', network: 'wan' }
  expect(await play('path-impair', { ...path, rate: '1mbit' }, tools())).toMatchObject({ begun: true, healed: true })
  await expect(play('path-impair', { ...path, delay: '50ms' }, tools())).rejects.toThrow(
    'to have sch_netem, it has not',
  )
  modules = ['netem']
  const { begun, undo } = await play('path-impair', { ...path, delay: '50ms', reorder: 5, loss: 1 }, tools())
  expect(begun).toBe(true)
  expect(undo.join()).toMatch(/tc qdisc del dev tap9100i0 root.*nft delete table/)
})

test('a queue that somebody else has put there is refused and left', async () => {
  queue = 'qdisc htb 1: root refcnt 2'
  const path = { on: 'isp', network: 'wan', rate: '1mbit' }
  await expect(play('path-impair', path, tools())).rejects.toThrow('expected no queueing discipline on tap9100i0')
  expect(queue).toContain('htb 1:')
})

test('without a shell on the node, or a NIC on the network, they are refused before anything changes', async () => {
  const shut = toolsOver(answer, { node: null })
  for (const [kind, params] of [...dropping, ['path-down', { on: 'fw1', network: 'wan' }] as const])
    await expect(play(kind, params, shut)).rejects.toThrow('target file names none')
  await expect(play('path-down', { on: 'client', network: 'wan' }, tools())).rejects.toThrow(
    'expected client to have a NIC on wan',
  )
  await expect(play('pfsync-drop', { from: 'fw1', to: 'fw1' }, tools())).rejects.toThrow('two firewalls')
  expect(site.pair.stateSync?.network).toBe('sync')
})
