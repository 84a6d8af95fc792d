import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { LabError } from './lab-error.ts'
import { readTopology } from './topology-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'firedrill-topology-'))
const known = join(import.meta.dirname, '../topologies/opnsense-single-wan.yaml')

afterAll(() => rmSync(folder, { recursive: true }))

function complaintAbout(text: string): string {
  const file = join(folder, 'lab.yaml')
  writeFileSync(file, text)
  try {
    readTopology(file)
  } catch (error) {
    if (error instanceof LabError && error.exitCode === 64) return error.message.replaceAll(file, 'lab.yaml')
    throw error
  }
  return ''
}

test('the topology of the first source document is read with its machines in VMID order', () => {
  const topology = readTopology(known)
  expect(Object.keys(topology.machines)).toEqual(['isp', 'fw1', 'fw2', 'client', 'target'])
  expect(topology.pair?.vips[0]).toMatchObject({ vhid: 1, advbase: 1, skew: { fw1: 0, fw2: 100 } })
})

test('all mistakes are told at once, each with its place', () => {
  const broken = readFileSync(known, 'utf8')
    .replace('lease: 10.101.0.150', 'lease: 10.101.0')
    .replace('primary: fw1', 'primary: fw7')
    .replace('vlan: 103', 'vlan: 5000')
  const lines = complaintAbout(broken).split('\n')
  expect(lines).toHaveLength(3)
  expect(lines[0]).toMatch(/^lab\.yaml:8:17: networks\.sync\.vlan: /)
  expect(lines[1]).toMatch(/^lab\.yaml:15:\d+: machines\.isp\.dhcp\.lease: expected an IPv4 address/)
  expect(lines[2]).toMatch(/^lab\.yaml:\d+:\d+: pair\.primary: expected a machine/)
})

test('a reference to an unknown machine names the known ones', () => {
  expect(complaintAbout(readFileSync(known, 'utf8').replace('primary: fw1', 'primary: fw7'))).toMatch(
    /^lab\.yaml:\d+:\d+: pair\.primary: expected a machine \(isp, fw1, fw2, client, target\), got fw7$/,
  )
})

test('a mistake in the YAML itself is told with its place', () => {
  expect(complaintAbout('lab: [one')).toMatch(/^lab\.yaml:1:10: /)
})
