import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { readFileSync } from 'node:fs'
import { topologySchema } from '../topologies/topology.ts'
import { renderClient } from './client.ts'
import { renderFakeIsp } from './fake-isp.ts'
import type { ImageInput } from './image.ts'
import { renderTarget } from './target.ts'

const topology = topologySchema.parse(
  parse(readFileSync(join(import.meta.dirname, '../topologies/opnsense-single-wan.yaml'), 'utf8')),
)

function inputOf(name: string): ImageInput {
  const machine = topology.machines[name]
  if (!machine) throw new Error(`no machine ${name}`)
  const hostKeys = Object.fromEntries(Object.keys(topology.machines).map((each) => [each, `ssh-ed25519 ${each}`]))
  const insideKey = { privateKey: 'PRIVATE\n', publicKey: 'ssh-ed25519 PUBLIC' }
  return { name, machine, topology, reveal: (text) => text, insideKey, hostKeys, defects: [] }
}

test('the fake ISP is told the one lease of the source document', () => {
  const { files } = renderFakeIsp(inputOf('isp'))
  expect(files['/etc/firedrill/isp']?.content).toBe(
    '--wan eth0 --uplink eth1 --lease 10.101.0.150 --router 10.101.0.254 --dns 192.168.66.1\n',
  )
})

test('the client holds the private key that the target accepts, and knows its host key', () => {
  const client = renderClient(inputOf('client')).files
  expect(client['/etc/firedrill/id_ed25519']).toEqual({ content: 'PRIVATE\n', mode: 0o600 })
  expect(client['/etc/ssh/ssh_known_hosts']?.content).toContain('target,192.168.66.10 ssh-ed25519 target\n')
  expect(renderTarget(inputOf('target')).files['/etc/firedrill/inside_keys']?.content).toBe('ssh-ed25519 PUBLIC\n')
})

test('a machine with a gateway has it as default route', () => {
  const { files } = renderClient(inputOf('client'))
  expect(JSON.parse(files['/etc/firedrill/cloud-init/network-config.json']?.content ?? '')).toEqual({
    nics: [{ name: 'eth0', mac: null, address: '10.102.0.50/24', dhcp: false, gateway: '10.102.0.1' }],
    nameservers: [],
  })
})

test('a provider without a lease only routes', () => {
  const input = inputOf('isp')
  const { dhcp: _lease, ...machine } = input.machine
  const { files } = renderFakeIsp({ ...input, machine })
  expect(files['/etc/firedrill/isp']?.content).toBe('--wan eth0 --uplink eth1\n')
})

test('a plain Linux machine refuses a NIC with DHCP', () => {
  const input = inputOf('client')
  const dhcp = { ...input, machine: { ...input.machine, nics: { lan: { dhcp: true as const } } } }
  expect(() => renderClient(dhcp)).toThrow('machine client: expected an address on lan, got dhcp')
})
