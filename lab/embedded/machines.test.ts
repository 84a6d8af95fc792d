import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { renderMachines } from './machines.ts'
import { createSshKey } from './ssh-key.ts'
import { readTopology } from './topology-file.ts'

const topology = readTopology(join(import.meta.dirname, '../topologies/opnsense-single-wan.yaml'))

afterEach(() => vi.unstubAllEnvs())

function contentOf(path: string, machines = renderMachines(topology, {}, createSshKey())): string[] {
  return machines.flatMap(({ image }) => image.files[path]?.content ?? [])
}

function passwords(): string[] {
  return contentOf('/conf/config.xml').map(
    (text) => /<mode>carp<\/mode>.*?<password>([^<]+)<\/password>/s.exec(text)?.[1] ?? '',
  )
}

test('both firewalls of a lab share its secrets, two labs do not', () => {
  const [first, second] = [passwords(), passwords()]
  expect(first[0]).toMatch(/^[0-9a-f]{24}$/)
  expect(first[1]).toBe(first[0])
  expect(second[0]).not.toBe(first[0])
})

test('a secret given in the environment is taken', () => {
  vi.stubEnv('FIREDRILL_SECRET_CARP', 'from outside')
  expect(passwords()).toEqual(['from outside', 'from outside'])
})

test('every machine has a host key of its own and accepts the one access key', () => {
  const accessKey = createSshKey()
  const machines = renderMachines(topology, {}, accessKey)
  expect(new Set(contentOf('/etc/ssh/ssh_host_ed25519_key', machines)).size).toBe(5)
  expect(new Set(contentOf('/etc/firedrill/authorized_keys', machines))).toEqual(new Set([`${accessKey.publicKey}\n`]))
})

test('an unknown image or defect is refused with exit 64', () => {
  const isp = { image: 'windows-95', nics: {} }
  expect(() => renderMachines({ ...topology, machines: { isp } }, {}, createSshKey())).toThrow(
    expect.objectContaining({ message: 'machine isp: unknown image windows-95', exitCode: 64 }),
  )
  expect(() => renderMachines(topology, { fw1: ['bogus'] }, createSshKey())).toThrow(
    expect.objectContaining({ exitCode: 64 }),
  )
})
