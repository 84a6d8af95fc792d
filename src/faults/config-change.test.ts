import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { play, site, toolsOver } from './fake-site.fixture.ts'
import { configChange } from './config-change.ts'

const own = `<?xml version="1.0"?>
<opnsense>
  <filter>
    <rule uuid="1">
      <type>pass</type>
      <descr>stays</descr>
    </rule>
  </filter>
  <nat>
    <rule>
      <descr>stays, too</descr>
    </rule>
    <outbound/>
  </nat>
</opnsense>
`
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firedrill-config-'))
  for (const node of ['fw1', 'fw2']) writeFileSync(join(folder, node), own)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const config = (node: string) => readFileSync(join(folder, node), 'utf8')

/** The commands themselves, on a file for each firewall; `synced` is what syncing does. */
const shell = (synced: () => void) => (node: string, command: string) => {
  if (command.startsWith('for f in')) synced()
  if (command.startsWith('for f in')) return ''
  const here = command
    .replaceAll('/conf/config.xml', join(folder, node))
    .replaceAll('/tmp/config.cache', '/nonexistent')
  return execFileSync('sh', ['-c', here], { encoding: 'utf8' })
}

/** The peer takes the section as its product writes it: a line for each element. */
const take = () =>
  writeFileSync(
    join(folder, 'fw2'),
    config('fw1').replace(/ *<rule>(<type>block.*)<\/rule>/, '    <rule>\n$1\n    </rule>'),
  )

test('a rule is written, found at the peer when it is synced, and taken out of both', async () => {
  const tools = toolsOver(shell(take))
  const aim = { machines: ['fw1'], params: { on: 'fw1' } }
  const ready = (await configChange.prepare?.(aim, site, tools)) ?? aim
  await configChange.begin(ready, tools)
  expect(config('fw1')).toMatch(
    /<\/rule>\n +<rule>.*<disabled>1<.*<descr>firedrill-[0-9a-f]{8}<.*<\/rule>\n {2}<\/filter>/,
  )
  expect(await configChange.verifyBegun(ready, tools)).toMatchObject({ proven: true })
  expect(await configChange.arrived?.(ready, tools)).toEqual({ node: 'fw2', isThere: true })
  expect(await configChange.verifyHealed(ready, tools)).toMatchObject({ proven: false })
  await configChange.heal(ready, tools)
  expect([config('fw1'), config('fw2')]).toEqual([own, own])
  expect(await configChange.verifyHealed(ready, tools)).toMatchObject({ proven: true })
})

test('is told not to have arrived where nothing syncs, and not believed where nothing is written', async () => {
  const tools = toolsOver(shell(() => {}))
  expect(await play('config-change', { on: 'fw1' }, tools)).toMatchObject({ begun: true, healed: true })
  expect(await play('config-change', { on: 'fw1' }, tools, false)).toMatchObject({ begun: false, healed: true })
  const aim = { machines: ['fw1', 'fw2'], params: { mark: 'firedrill-0123abcd' } }
  expect(await configChange.arrived?.(aim, tools)).toEqual({ node: 'fw2', isThere: false })
  const deaf = toolsOver(() => {
    throw new Error('connection refused')
  })
  expect(await configChange.arrived?.(aim, deaf)).toEqual({ node: 'fw2', isThere: null })
})

test('is refused where there are no rules to write into, and on a machine that is no firewall', async () => {
  writeFileSync(join(folder, 'fw1'), '<opnsense>\n  <filter/>\n</opnsense>\n')
  const tools = toolsOver(shell(() => {}))
  await expect(play('config-change', { on: 'fw1' }, tools)).rejects.toThrow('one section of rules')
  await expect(play('config-change', { on: 'client' }, tools)).rejects.toThrow('a firewall of the pair')
})
