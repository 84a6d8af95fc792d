import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { readDefects } from '../appliance/config.ts'
import { readConfigXml } from '../appliance/configuration/config-xml.ts'
import { topologySchema } from '../topologies/topology.ts'
import { renderFirewall } from './firewall.ts'
import type { ImageInput } from './image.ts'

const file = join(import.meta.dirname, '../topologies/opnsense-single-wan.yaml')
const topology = topologySchema.parse(parse(readFileSync(file, 'utf8')))

function input(name: 'fw1' | 'fw2', change: Partial<ImageInput> = {}): ImageInput {
  const machine = topology.machines[name]
  if (machine === undefined) throw new Error(`no ${name}`)
  const reveal = (text: string) => text.replace('${secret:carp}', 'opensesame')
  const insideKey = { privateKey: '', publicKey: '' }
  return { name, machine, topology, reveal, insideKey, hostKeys: {}, defects: [], ...change }
}

function configOf(rendered: ReturnType<typeof renderFirewall>) {
  const { config, complaints } = readConfigXml(rendered.files['/conf/config.xml']?.content ?? '')
  expect(complaints).toEqual([])
  return config
}

describe('the firewall image', () => {
  it('describes the backup of the first source document', () => {
    expect(configOf(renderFirewall(input('fw2')))).toMatchObject({
      hostName: 'fw2',
      domain: 'localdomain',
      hostId: configOf(renderFirewall(input('fw2'))).hostId,
      interfaces: [
        { key: 'wan', description: 'WAN', device: 'vtnet0', address: 'dhcp' },
        { key: 'lan', description: 'LAN', device: 'vtnet1', address: '10.102.0.3/24' },
        { key: 'opt1', description: 'SYNC', device: 'vtnet2', address: '10.103.0.3/24' },
      ],
      vips: [
        {
          device: 'vtnet1',
          vhid: 1,
          address: '10.102.0.1/24',
          advbase: 1,
          advskew: 100,
          password: 'opensesame',
          description: 'LAN VIP',
        },
      ],
      preempt: true,
      pfsync: { device: 'vtnet2', peer: '10.103.0.2' },
      wanHook: true,
      sshServer: false,
      authorizedKeys: [],
    })
  })

  it('gives each node its own host id, the same each time', () => {
    const [fw1, again, fw2] = [input('fw1'), input('fw1'), input('fw2')].map(
      (each) => configOf(renderFirewall(each)).hostId,
    )
    expect(again).toBe(fw1)
    expect(fw2).not.toBe(fw1)
    expect(fw1).toMatch(/^[0-9a-f]{8}$/)
  })

  it('keeps the password for root and puts the commands where a shell looks first', () => {
    const { files, nicPrefix } = renderFirewall(input('fw1'))
    expect(nicPrefix).toBe('vtnet')
    expect(files['/conf/config.xml']?.mode).toBe(0o600)
    expect(files['/usr/local/sbin/ifconfig']?.mode).toBe(0o755)
    expect(files['/usr/local/sbin/ifconfig']?.content).toContain('ifconfig "$@"')
  })

  it('takes known defects and refuses others with the names it knows', () => {
    const { files } = renderFirewall(input('fw1', { defects: ['preempt-off'] }))
    expect(readDefects(files['/conf/defects.json']?.content ?? '').defects).toEqual(['preempt-off'])
    expect(() => renderFirewall(input('fw1', { defects: ['nope'] }))).toThrow(
      /^fw1: expected a defect of state-sync-off, .*, got nope$/,
    )
  })

  it('refuses a topology without a pair, and a VIP on a network where the node has no NIC', () => {
    const { pair, ...single } = topology
    expect(() => renderFirewall(input('fw1', { topology: single }))).toThrow('expected a pair')
    if (pair === undefined) throw new Error('no pair')
    const vips = pair.vips.map((vip) => ({ ...vip, network: 'uplink' }))
    expect(() => renderFirewall(input('fw1', { topology: { ...topology, pair: { ...pair, vips } } }))).toThrow(
      'NIC on uplink',
    )
  })
})
