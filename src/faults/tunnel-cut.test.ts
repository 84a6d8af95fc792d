import { expect, test } from 'vitest'
import { site, toolsOver } from './fake-site.fixture.ts'
import { tunnelCut } from './tunnel-cut.ts'

const lab = { ...site, networks: { ...site.networks, lan: { vxlan: 2000, subnet: '10.102.0.0/24' } } }
/** A node with tables of nftables; `count` is what their counters show. */
function node(count: number) {
  const tables = new Map<string, string>()
  const tools = toolsOver((_, command, input) => {
    const [, name = ''] = /table inet (\w+)/.exec(input || command) ?? []
    if (command === 'nft list tables inet') return [...tables.keys()].map((each) => `table inet ${each}\n`).join('')
    if (command.startsWith('nft list table '))
      return (tables.get(name) ?? '').replaceAll('counter', `counter packets ${count} bytes 1`)
    if (input.includes('delete table')) tables.delete(name)
    else tables.set(name, input)
    return ''
  })
  return { tables, tools }
}
const aim = { machines: ['fw2'], params: { on: 'fw2', network: 'lan' } }
const ready = async (tools: ReturnType<typeof toolsOver>) => (await tunnelCut.prepare?.(aim, lab, tools)) ?? aim

test('the tunnel’s packets are dropped by its key, both ways, and nothing else; healed as often as one likes', async () => {
  const { tables, tools } = node(3)
  const prepared = await ready(tools)
  await tunnelCut.begin(prepared, tools)
  const [rules = ''] = [...tables.values()]
  expect(rules.match(/udp dport 4789 @th,96,24 2000 counter drop/g)).toHaveLength(2)
  expect(await tunnelCut.verifyBegun(prepared, tools)).toEqual({
    proven: true,
    evidence: 'pve1 has dropped 6 packets of tunnel 2000',
  })
  expect(await tunnelCut.verifyHealed(prepared, tools)).toMatchObject({ proven: false })
  const kept = structuredClone(prepared)
  for (const _ of [1, 2]) await tunnelCut.heal(kept, tools)
  expect(tables.size).toBe(0)
  expect(await tunnelCut.verifyHealed(kept, tools)).toMatchObject({ proven: true })
  const [undo] = tunnelCut.undoOnNode?.(kept, {}) ?? []
  expect(undo?.machine).toBe('fw2')
  expect(undo?.command).toMatch(/^nft delete table inet firedrill_[0-9a-f]{8} 2>\/dev\/null \|\| :$/)
})

test('a cut that nothing meets is not believed', async () => {
  const { tools } = node(0)
  const prepared = await ready(tools)
  await tunnelCut.begin(prepared, tools)
  expect(await tunnelCut.verifyBegun(prepared, tools)).toMatchObject({ proven: false })
})

test('a network that is no tunnel is refused', async () => {
  const { tools } = node(1)
  await expect(tunnelCut.prepare?.({ ...aim, params: { on: 'fw2', network: 'wan' } }, lab, tools)).rejects.toThrow(
    'expected wan to be a tunnel between nodes (vxlan), it is none',
  )
})
