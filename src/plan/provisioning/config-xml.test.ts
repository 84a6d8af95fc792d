import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readLab } from '../lab-file.ts'
import { planProvisioning } from './plan.ts'

const labs = join(import.meta.dirname, '../../../lab/topologies')
const pem = (what: string) => `-----BEGIN ${what}-----\n-----END ${what}-----\n`
const material = {
  harnessKey: 'ssh-ed25519 AAAA harness',
  insideKey: { privateKey: 'private', publicKey: 'ssh-ed25519 BBBB inside' },
  secrets: { carp: 'carp-password' },
  rootPassword: 'root-password',
  apiKey: { key: 'a2V5', secret: 'c2VjcmV0' },
  vpn: {
    ca: pem('CERTIFICATE'),
    client: { certificate: pem('CERTIFICATE'), key: pem('PRIVATE KEY') },
    server: { certificate: pem('CERTIFICATE'), key: pem('PRIVATE KEY') },
  },
}

test.each([
  ['opnsense-single-wan', 'fw1'],
  ['opnsense-dual-vip', 'fw1'],
  ['opnsense-dual-vip', 'fw2'],
  ['opnsense-no-preempt', 'fw1'],
  ['pfsense-dmz', 'fw1'],
  ['pfsense-dmz', 'fw2'],
  ['pfsense-ovs-vxlan', 'fw1'],
])('the configuration of %s %s is the one that was reviewed', async (name, machine) => {
  await expect(configOf(name, machine)).toMatchFileSnapshot(`snapshots/${name}-${machine}.xml`)
})

function configOf(name: string, machine: string): string {
  const reading = readLab(readFileSync(join(labs, `${name}.yaml`), 'utf8'), name)
  if ('mistakes' in reading) throw new Error(JSON.stringify(reading.mistakes))
  const place = { node: 'pve1', storage: 'local', isoStorage: 'local', bridge: 'vmbr0', firstVmid: 9100, instance: 0 }
  const { steps } = planProvisioning(reading.lab, { ...place, release: { major: 9, minor: 1 } }, material)
  const disc = steps.find((step) => step.kind === 'disc' && step.machine === machine)
  return disc?.kind === 'disc' ? (disc.content['CONFIG.XML'] ?? '') : ''
}
