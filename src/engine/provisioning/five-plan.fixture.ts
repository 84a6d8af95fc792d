import { readLab } from '../../plan/lab-file.ts'
import { planProvisioning } from '../../plan/provisioning/plan.ts'
import type { ProvisioningPlan } from '../../plan/provisioning/plan.ts'
import type { Access } from './site.ts'

const material = {
  harnessKey: 'ssh-ed25519 AAAA harness',
  insideKey: { privateKey: 'private', publicKey: 'ssh-ed25519 BBBB inside' },
  secrets: { carp: 'x' },
  rootPassword: 'root',
  apiKey: { key: 'k', secret: 's' },
}

const plans = new Map<string, ProvisioningPlan>()

/** The plan of a five-machine lab. */
export function fivePlan(instance = 0, name = 'five', management = ''): ProvisioningPlan {
  const key = JSON.stringify([instance, name, management])
  const plan = plans.get(key) ?? makePlan(instance, name, management)
  plans.set(key, plan)
  return plan
}

function makePlan(instance: number, name: string, management: string): ProvisioningPlan {
  const reading = readLab(
    `lab: ${name}
networks:
  wan: { vlan: 101, subnet: 10.101.0.0/24 }
  lan: { vlan: 102, subnet: 10.102.0.0/24 }
  sync: { vlan: 103, subnet: 10.103.0.0/24 }
  uplink: { vlan: 66, subnet: 192.168.66.0/24 }
${management}
machines:
  isp: { image: fake-isp, nics: { wan: 10.101.0.254/24, uplink: 192.168.66.1/24 }, dhcp: { network: wan, lease: 10.101.0.150, router: 10.101.0.254, dns: 192.168.66.1 } }
  fw1: { image: opnsense-25.7, nics: { wan: { dhcp: true, mac: 'bc:24:11:65:01:50' }, lan: 10.102.0.2/24, sync: 10.103.0.2/24 } }
  fw2: { image: opnsense-25.7, nics: { wan: { dhcp: true, mac: 'bc:24:11:65:01:50' }, lan: 10.102.0.3/24, sync: 10.103.0.3/24 } }
  client: { image: client, nics: { lan: 10.102.0.50/24 }, gateway: 10.102.0.1 }
  target: { image: target, nics: { uplink: 192.168.66.10/24 }, gateway: 192.168.66.1 }
pair:
  primary: fw1
  secondary: fw2
  stateSync: { network: sync }
  wanHook: true
  vips: [{ network: lan, vhid: 1, address: 10.102.0.1/24, skew: { fw1: 0, fw2: 100 }, password: '\${secret:carp}' }]
`,
    'lab.yaml',
  )
  if ('mistakes' in reading) throw new Error(reading.mistakes.map(({ message }) => message).join('; '))
  const place = { node: 'pve1', storage: 'local', isoStorage: 'local', bridge: 'vmbr0', firstVmid: 9100, instance }
  return planProvisioning(reading.lab, { ...place, release: { major: 9, minor: 1 } }, material)
}

/** SSH to every machine of the plan, as the embedded lab knows it beforehand. */
export const accessTo = ({ lab }: ProvisioningPlan): Access =>
  Object.fromEntries(
    Object.keys(lab.machines).map((machine, index) => [
      machine,
      { ssh: { host: '127.0.0.1', port: 40_000 + index, user: 'root', hostKey: `ssh-ed25519 KEY-${machine}` } },
    ]),
  )

export const owner = { owner: 'anna@desk', pid: 4711, since: '2026-01-02T03:04:05.000Z' }
