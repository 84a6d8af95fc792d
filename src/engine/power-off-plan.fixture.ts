import { readLab } from '../plan/lab-file.ts'
import { planDrill } from '../plan/plan.ts'

/** A power cut of the master and its return, on a pair with one VIP. */
export function powerOffPlan({ preempt }: { preempt: boolean }) {
  const reading = readLab(
    `lab: two
networks: { lan: { vlan: 102, subnet: 10.102.0.0/24 } }
machines:
  fw1: { image: x, nics: { lan: 10.102.0.2/24 } }
  fw2: { image: x, nics: { lan: 10.102.0.3/24 } }
  client: { image: x, nics: { lan: 10.102.0.50/24 } }
  target: { image: x, nics: { lan: 10.102.0.60/24 } }
pair: { primary: fw1, secondary: fw2, preempt: ${preempt}, vips: [{ network: lan, vhid: 1, address: 10.102.0.1/24, skew: { fw1: 0, fw2: 100 }, password: x }] }
`,
    'lab.yaml',
  )
  if ('mistakes' in reading) throw new Error(reading.mistakes.map(({ message }) => message).join('; '))
  const stream = { from: 'client', to: 'target', every: 200 }
  const scenario = {
    scenario: 'power-off',
    question: '?',
    red: '!',
    lab: 'two',
    gate: { cleanForMs: 5000, settleWithinMs: 20_000 },
    probes: { outside: { kind: 'ping', params: stream } },
    steps: [
      { name: 'failover', fault: { kind: 'vm-stop', params: { on: '$master' } }, recoverWithinMs: 30_000 },
      { name: 'failback', heal: 'failover', recoverWithinMs: 30_000 },
    ],
    expect: [],
    claims: [],
  }
  return planDrill(scenario, reading.lab)
}
