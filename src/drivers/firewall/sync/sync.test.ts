import { expect, test } from 'vitest'
import { HarnessError } from '../../../model/failure.ts'
import type { Commander } from '../command-line/commander.ts'
import { parseConfig } from './config-file.ts'
import { fileConfigSync } from './config-files.ts'

const { signal } = new AbortController()
const vip = (vhid: number, skew: number, mode = 'carp') =>
  `<vip uuid="${Math.abs(vhid * 7 + skew)}"><interface>lan</interface><mode>${mode}</mode><subnet>192.168.1.${vhid}</subnet>` +
  `<subnet_bits>24</subnet_bits><vhid>${vhid}</vhid><advbase>1</advbase><advskew>${skew}</advskew></vip>`
const config = (vips: string, rules = '<rule><type>pass</type></rule>', root = 'opnsense') =>
  `<?xml version="1.0"?>\n<${root}><virtualip version="1.0.1">${vips}</virtualip><filter>${rules}</filter><nat/></${root}>`

const files: Record<string, string> = {}
let said = ''
const commander: Commander = {
  run: async (node, script) => ({ text: script.startsWith('cat') ? (files[node] ?? '') : said, sentMs: 0, ackedMs: 1 }),
}
const sync = fileConfigSync(commander, '/usr/local/etc/rc.filter_synchronize')

test('what both nodes should have alike is alike, whoever wrote it and when', async () => {
  files['fw1'] = config(
    vip(1, 0) + vip(2, 200),
    '<rule uuid="a"><type>pass</type><created><time>1</time></created></rule>',
  )
  files['fw2'] = config(vip(2, 254) + vip(1, 100) + vip(9, 0, 'ipalias'), '<rule uuid="b"><type>pass</type></rule>')
  expect(await sync.compare('fw1', 'fw2', signal)).toEqual([])
})

test('what differs is told in words', async () => {
  files['fw1'] = config(vip(1, 0) + vip(3, 0))
  files['fw2'] = config(vip(1, 0) + vip(4, 100), '<rule><type>block</type></rule>')
  expect(await sync.compare('fw1', 'fw2', signal)).toEqual([
    'VHID 1 192.168.1.1/24 on lan: skew 0 on fw1, so 100 is due on fw2, which has 0',
    'VHID 3 192.168.1.3/24 on lan is on fw1 only',
    'VHID 4 192.168.1.4/24 on lan is on fw2 only',
    'the firewall rules of fw1 and fw2 differ',
  ])
})

test('a configuration is that of either product, or an error', () => {
  expect(parseConfig('fw1', config(vip(1, 0), '', 'pfsense')).vips).toHaveLength(1)
  expect(parseConfig('fw1', '<opnsense/>').vips).toEqual([])
  for (const text of ['', '<html/>', '<opnsense>', 'cat: no such file'])
    expect(() => parseConfig('fw1', text)).toThrow(HarnessError)
})

test('a sync that complains is an error with its complaint', async () => {
  said = ''
  expect(await sync.trigger('fw1', signal)).toEqual({ sentMs: 0, ackedMs: 1 })
  said = 'An authentication failure occurred while trying to access https://10.0.0.3/xmlrpc.php\n'
  await expect(sync.trigger('fw1', signal)).rejects.toThrow(
    'fw1 could not sync its configuration: An authentication failure',
  )
})
