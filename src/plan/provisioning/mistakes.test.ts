import { expect, test } from 'vitest'
import { readLab } from '../lab-file.ts'
import { provisioningMistakes } from './mistakes.ts'
import { planProvisioning } from './plan.ts'
import { shownMaterial } from './material.ts'
import { provisioningCalls } from './calls.ts'
import { callLine } from './call.ts'
import { teardownCalls } from './teardown-calls.ts'

const text = `lab: two
networks: { lan: { vlan: 102, subnet: 10.102.0.0/24 }, dmz: { vlan: 4090, subnet: 10.103.0.0/24 } }
machines:
  fw1: { image: opnsense-25.7, nics: { lan: 10.102.0.2/24 } }
  fw2: { image: opnsense-25.7, nics: { lan: 10.102.0.3/24 } }
  client: { image: client, nics: { lan: 10.102.0.50/24 } }
pair: { primary: fw1, secondary: fw2, vips: [{ network: lan, vhid: 1, address: 10.102.0.1/24, skew: { fw1: 0 }, password: '\${secret:carp-one}' }] }
`
const place = { node: 'pve1', storage: 'local', isoStorage: 'local', bridge: 'vmbr0', firstVmid: 9100, instance: 0 }

test('a lab that can be provisioned has no mistakes', () => {
  expect(provisioningMistakes(lab(text), 0, ['carp-one'])).toEqual([])
})

test('a missing secret names its variable and the option', () => {
  const [mistake] = provisioningMistakes(lab(text), 0, [])
  expect(mistake).toContain('FIREDRILL_SECRET_CARP_ONE')
  expect(mistake).toContain('--secrets')
})

test.each([
  ['an instance that pushes a VLAN too far', text, 1, 'network dmz: expected a free VLAN tag up to 4094, got 4100'],
  ['a VLAN that two networks have', text.replace('4090', '102'), 0, 'which lan has'],
  ['an image without a template', text.replace('image: client', 'image: printer'), 0, 'got "printer"'],
  [
    'a firewall outside the pair',
    text.replace('image: client', 'image: opnsense-25.7'),
    0,
    'expected the firewalls to be the pair',
  ],
  ['a name that reads like an instance', text.replace('lab: two', 'lab: two-i1'), 0, 'got "two-i1"'],
  [
    'a VPN endpoint without a tunnel',
    text.replace('image: client', 'image: vpn-endpoint'),
    0,
    'expected vpn: { tunnel }',
  ],
  ['more machines than VMIDs', text.replace('pair:', `${many()}pair:`), 0, 'at most 10 machines'],
])('%s is a mistake', (_what, source, instance, message) => {
  expect(provisioningMistakes(lab(source), instance, ['carp-one']).join('\n')).toContain(message)
})

test('releases differ in the SDN lock and in the privilege of the guest agent', () => {
  const shown = (major: number) => {
    const plan = planProvisioning(lab(text), { ...place, release: { major, minor: 4 } }, shownMaterial(['carp-one']))
    const calls = [...provisioningCalls(plan), ...teardownCalls(plan)]
    return { lines: calls.map(callLine).join('\n'), needs: JSON.stringify(calls.map(({ needs }) => needs)) }
  }
  expect(shown(9).lines).toContain('POST /cluster/sdn/lock')
  expect(shown(8).lines).not.toContain('sdn/lock')
  expect(shown(9).needs).toContain('VM.GuestAgent.Audit')
  expect(shown(9).needs).not.toContain('VM.Monitor')
  expect(shown(8).needs).toContain('VM.Monitor')
})

function lab(source: string) {
  const reading = readLab(source, 'lab.yaml')
  if ('mistakes' in reading) throw new Error(JSON.stringify(reading.mistakes))
  return reading.lab
}

function many(): string {
  return Array.from({ length: 9 }, (_, index) => `  c${index}: { image: client, nics: {} }\n`).join('')
}
