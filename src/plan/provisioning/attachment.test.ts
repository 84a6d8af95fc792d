import { expect, test } from 'vitest'
import { readLab } from '../lab-file.ts'
import { planDrill } from '../plan.ts'
import { attachmentMistakes } from './attachment.ts'

const ssh = { host: '192.0.2.1', port: 22, user: 'root', hostKey: 'ssh-ed25519 A' }
const reached = { fw1: { ssh }, fw2: { ssh }, client: { ssh } }
const attach = { cluster: 'prod', machines: { fw1: { vmid: 105 }, fw2: { vmid: 106 } }, reflectors: [] }

test('a pair by VMID on the confirmed cluster is accepted', () => {
  expect(attachmentMistakes(plan('$master'), { machines: reached, attach }, 'prod')).toEqual([])
})

test.each([
  ['without the confirmation', '$master', undefined, attach, reached, 'expected --confirm-cluster prod, got nothing'],
  ['with that of another cluster', '$master', 'test', attach, reached, 'got "test"'],
  ['a machine outside the list', 'client', 'prod', attach, reached, 'client is not among the machines'],
  [
    'a role that may be one',
    '$backup',
    'prod',
    { ...attach, machines: { fw1: { vmid: 105 } } },
    reached,
    'fw2 is not among',
  ],
  ['a vantage without SSH', 'fw1', 'prod', attach, { fw1: { ssh }, fw2: { ssh } }, 'client: expected its ssh entry'],
  [
    'a VMID twice',
    'fw1',
    'prod',
    { ...attach, machines: { fw1: { vmid: 1 }, fw2: { vmid: 1 } } },
    reached,
    'same VMID 1',
  ],
  [
    'a reflector that is no machine',
    'fw1',
    'prod',
    { ...attach, reflectors: ['pi'] },
    reached,
    'attach.reflectors names pi',
  ],
])('%s is refused', (_what, on, confirmed, attachment, machines, message) => {
  expect(attachmentMistakes(plan(on), { machines, attach: attachment }, confirmed).join('\n')).toContain(message)
})

function plan(on: string) {
  const reading = readLab(
    `lab: two
networks: { lan: { vlan: 102, subnet: 10.102.0.0/24 } }
machines:
  fw1: { image: x, nics: { lan: 10.102.0.2/24 } }
  fw2: { image: x, nics: { lan: 10.102.0.3/24 } }
  client: { image: x, nics: { lan: 10.102.0.50/24 } }
pair: { primary: fw1, secondary: fw2, vips: [{ network: lan, vhid: 1, address: 10.102.0.1/24, skew: { fw1: 0 }, password: x }] }
`,
    'lab.yaml',
  )
  if ('mistakes' in reading) throw new Error('unsound')
  const scenario = {
    scenario: 'x',
    question: '?',
    red: '!',
    lab: 'two',
    gate: { cleanForMs: 5000, settleWithinMs: 20_000 },
    probes: { outside: { kind: 'ping', params: { from: 'client', to: 'fw1', every: 200 } } },
    steps: [{ name: 'failover', fault: { kind: 'vm-stop', params: { on } }, recoverWithinMs: 30_000 }],
    expect: [],
    claims: [],
  }
  return planDrill(scenario, reading.lab)
}
