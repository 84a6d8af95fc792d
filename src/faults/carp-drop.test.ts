import { beforeEach, expect, test } from 'vitest'
import { lab as oneVip } from '../analysis/fixture/subject.ts'
import type { Shell } from '../ports/shell.ts'
import { carpDrop } from './carp-drop.ts'
import type { FaultTools, NodeAccess } from './fault.ts'

const nics = (host: number) => ({ wan: `10.101.0.${host}/24`, lan: `10.102.0.${host}/24` })
const lab = { ...oneVip, machines: { fw1: { image: 'x', nics: nics(2) }, fw2: { image: 'x', nics: nics(3) } } }

/** Tables of the node by name, packets that each of their rules has dropped, and the taps that are there. */
let tables: Map<string, string>
let dropped: number
let taps: string[]
let nowMs: number

beforeEach(() => {
  tables = new Map()
  dropped = 0
  taps = ['tap9101i1', 'tap9102i1']
  nowMs = 0
})

const run: Shell['run'] = (_, command, { input = '' }) => {
  if (command.startsWith('test -e')) return Promise.resolve(taps.some((tap) => command.includes(tap)) ? 'there\n' : '')
  if (command === 'nft list tables bridge')
    return Promise.resolve([...tables.keys()].map((name) => `table bridge ${name}\n`).join(''))
  if (command.startsWith('nft list table ')) {
    const rules = tables.get(command.split(' ').at(-1) ?? '') ?? ''
    return Promise.resolve(rules.replaceAll('counter drop', `counter packets ${dropped} bytes 70 drop`))
  }
  const [, name = ''] = /table bridge (\w+)/.exec(input) ?? []
  if (input.includes('delete table')) tables.delete(name)
  else tables.set(name, input)
  return Promise.resolve('')
}
const none = () => Promise.reject(new Error('not asked here'))
const node: NodeAccess = {
  name: 'pve1',
  shell: { run, spawn: none, close: none },
  others: [],
  taps: {
    tapOf: (machine, index) => Promise.resolve(`tap910${machine === 'fw1' ? 1 : 2}i${index}`),
    nodeOf: () => Promise.resolve('pve1'),
  },
}
const tools: FaultTools = {
  hypervisor: { version: none, powerState: none, stop: none, start: none },
  nics: { readNic: none, writeNic: none },
  haReader: { read: none },
  firewall: () => ({ haReader: { read: none } }),
  shell: { run: none },
  node,
  clock: {
    nowMs: () => nowMs,
    sleep: (ms) => {
      nowMs += ms
      return Promise.resolve()
    },
  },
  firewalls: ['fw1', 'fw2'],
  signal: new AbortController().signal,
}
const aim = (params: Record<string, unknown> = {}) => ({
  machines: ['fw1', 'fw2'],
  params: { from: '$master', to: '$backup', ...params },
})
const prepare = async (params: Record<string, unknown> = {}, given = tools) =>
  (await carpDrop.prepare?.(aim(params), lab, given)) ?? aim()

test('one way, frames of CARP are dropped on their way to the receiver, and nothing else', async () => {
  const ready = await prepare()
  await carpDrop.begin(ready, tools)
  const [rules = ''] = [...tables.values()]
  expect(rules.match(/oifname "tap\w+"/g)).toEqual(['oifname "tap9102i1"', 'oifname "tap9102i1"'])
  expect(rules).toMatch(/ip protocol 112 counter drop/)
  expect(rules).toMatch(/policy accept/)
})

test('both ways, neither hears the other', async () => {
  await carpDrop.begin(await prepare({ ways: 'both' }), tools)
  expect([...tables.values()][0]?.match(/tap910[12]i1/g)).toEqual(['tap9102i1', 'tap9102i1', 'tap9101i1', 'tap9101i1'])
})

test('is believed once a frame has been dropped, and not before', async () => {
  const ready = await prepare()
  await carpDrop.begin(ready, tools)
  expect(await carpDrop.verifyBegun(ready, tools)).toMatchObject({ proven: false })
  dropped = 1
  expect(await carpDrop.verifyBegun(ready, tools)).toEqual({
    proven: true,
    evidence: 'pve1 has dropped so many advertisements: 2 on lan',
  })
})

test('is healed by deleting its table, from the journal alone, however often', async () => {
  const ready = await prepare()
  const journalled = { machines: ready.machines, params: kept(ready.params) }
  await carpDrop.begin(ready, tools)
  expect(await carpDrop.verifyHealed(journalled, tools)).toMatchObject({ proven: false })
  await carpDrop.heal(journalled, tools)
  await carpDrop.heal(journalled, tools)
  expect(await carpDrop.verifyHealed(journalled, tools)).toMatchObject({ proven: true })
})

test('is healed from a journal of the first release, which names holes and no node', async () => {
  tables.set('firedrill_0123abcd', 'rules')
  const holes = [{ to: 'fw2', network: 'lan', device: 'tap9102i1' }]
  const journalled = { ...aim(), params: { table: 'firedrill_0123abcd', holes } }
  expect(await carpDrop.verifyHealed(journalled, tools)).toMatchObject({ proven: false })
  await carpDrop.heal(journalled, tools)
  expect(await carpDrop.verifyHealed(journalled, tools)).toMatchObject({ proven: true })
  await expect(carpDrop.heal({ ...aim(), params: { table: 'firedrill_0123abcd' } }, tools)).rejects.toThrow(/rules/)
})

test('is refused before anything changes: without a shell on the node, without the tap, on a network without NIC, with one firewall for both', async () => {
  await expect(prepare({}, { ...tools, node: null })).rejects.toThrow('target file names none')
  taps = []
  await expect(prepare()).rejects.toThrow('expected tap9102i1 on node pve1')
  await expect(prepare({ network: 'dmz' })).rejects.toThrow('expected fw2 to have a NIC on dmz')
  const same = { ...aim(), machines: ['fw1'] }
  await expect(carpDrop.prepare?.(same, lab, tools)).rejects.toThrow('two firewalls')
  expect(tables.size).toBe(0)
})

/** What a journal keeps of parameters. */
function kept(params: unknown): Record<string, unknown> {
  const read: unknown = JSON.parse(JSON.stringify(params))
  return typeof read === 'object' && read !== null ? { ...read } : {}
}
