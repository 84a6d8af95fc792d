import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { create } from 'xmlbuilder2'
import { expect, test } from 'vitest'
import { readLab } from '../../lab-file.ts'
import { configXml } from './config-xml.ts'

const file = join(import.meta.dirname, '../../../../lab/topologies/opnsense-single-wan.yaml')
const text = readFileSync(file, 'utf8')
const material = {
  harnessKey: 'ssh-ed25519 AAAA harness',
  insideKey: { privateKey: 'private', publicKey: 'ssh-ed25519 BBBB inside' },
  secrets: { carp: 'p<ss&word' },
  rootPassword: 'root-password',
  apiKey: { key: 'a2V5', secret: 'c2VjcmV0' },
}

test('the primary gets the interfaces, VIP, sync and DHCP of the source document', () => {
  expect(parse(render(text, 'fw1'))).toMatchObject({
    opnsense: {
      firedrill: { wanhook: '1' },
      interfaces: {
        wan: { enable: '1', if: 'vtnet0', descr: 'WAN', ipaddr: 'dhcp' },
        lan: { enable: '1', if: 'vtnet1', descr: 'LAN', ipaddr: '10.102.0.2', subnet: '24' },
        opt1: { enable: '1', if: 'vtnet2', descr: 'SYNC', ipaddr: '10.103.0.2', subnet: '24' },
      },
      virtualip: {
        vip: {
          interface: 'lan',
          mode: 'carp',
          subnet: '10.102.0.1',
          subnet_bits: '24',
          vhid: '1',
          advbase: '1',
          advskew: '0',
        },
      },
      hasync: {
        disablepreempt: '0',
        pfsyncinterface: 'opt1',
        pfsyncpeerip: '10.103.0.3',
        synchronizetoip: '10.103.0.3',
        username: 'root',
      },
      dnsmasq: {
        dhcp_ranges: { start_addr: '10.102.0.10', end_addr: '10.102.0.99', nosync: '1' },
        dhcp_options: [
          { option: '3', value: '10.102.0.1' },
          { option: '6', value: '10.102.0.1' },
        ],
      },
    },
  })
})

test('the secondary gets its skew, a pool of its own that answers later, and no configuration sync', () => {
  const xml = render(text, 'fw2')
  expect(parse(xml)).toMatchObject({
    opnsense: {
      virtualip: { vip: { advskew: '100' } },
      dnsmasq: {
        dhcp: { reply_delay: '5' },
        dhcp_ranges: { start_addr: '10.102.0.200', end_addr: '10.102.0.220' },
      },
      hasync: { pfsyncpeerip: '10.103.0.2' },
    },
  })
  expect(xml).not.toContain('synchronizetoip')
})

test('inside networks leave as the WAN address, or as the VIP where the WAN has one', () => {
  const source = { network: '10.102.0.0/24' }
  expect(render(text, 'fw1')).toContain('<target/>')
  const wanVip = `${text}    - { network: wan, vhid: 2, address: 10.101.0.1/24, skew: { fw1: 0, fw2: 100 }, password: x }\n`
  expect(parse(render(wanVip, 'fw1'))).toMatchObject({
    opnsense: { nat: { outbound: { mode: 'advanced', rule: { interface: 'wan', source, target: '10.101.0.1' } } } },
  })
})

test('root has the key of the harness, and only hashes of the password and of the API secret', () => {
  const xml = render(text, 'fw1')
  expect(xml).toContain(
    `<authorizedkeys>${Buffer.from('ssh-ed25519 AAAA harness\n').toString('base64')}</authorizedkeys>`,
  )
  expect(xml).toMatch(/<key>a2V5<\/key>\s*<secret>\$6\$[0-9a-f]{16}\$[./0-9A-Za-z]{86}<\/secret>/)
  expect(xml).toMatch(/<uid>0<\/uid>\s*<password>\$6\$/)
  expect(xml).not.toContain('c2VjcmV0')
})

test('secrets of the lab file are filled in, and escaped', () => {
  expect(render(text, 'fw1')).toContain('<password>p&lt;ss&amp;word</password>')
})

test('the management NIC is the last interface and brings no default route', () => {
  const managed = text.replace('\nmachines:', '\nmanagement: { bridge: vmbr0, addresses: dhcp }\n\nmachines:')
  const request = 'subnet-mask,broadcast-address'
  expect(parse(render(managed, 'fw1'))).toMatchObject({
    opnsense: {
      interfaces: { opt2: { if: 'vtnet3', descr: 'MGMT', ipaddr: 'dhcp', adv_dhcp_request_options: request } },
      filter: { rule: [{ interface: 'wan' }, { interface: 'lan' }, { interface: 'opt1' }, { interface: 'opt2' }] },
    },
  })
})

test('the same lab gives the same file, so a firewall reads it only once', () => {
  expect(render(text, 'fw1')).toBe(render(text, 'fw1'))
})

function render(source: string, machine: string): string {
  const reading = readLab(source, 'lab.yaml')
  if ('mistakes' in reading) throw new Error(JSON.stringify(reading.mistakes))
  return configXml(reading.lab, machine, reading.lab.lab, 0, material)
}

function parse(xml: string): object {
  return create(xml).end({ format: 'object' })
}
