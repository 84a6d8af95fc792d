import type { Lab } from '../../model/lab.ts'
import type { SdnVnet, SdnZone } from '../../ports/provisioning.ts'
import { cloudInitSettings } from './cloud-init.ts'
import type { LabMaterial } from './material.ts'
import { isFirewall } from './mistakes.ts'
import {
  aliasOf,
  discOf,
  labelOf,
  poolOf,
  tagsOf,
  templateOf,
  vlanOf,
  vmNameOf,
  vmidOf,
  tunnelZoneOf,
  vnetOf,
  zoneOf,
  zoneOfNetwork,
} from './names.ts'
import { management, nicSettings, nicsOf } from './nics.ts'
import { configXml as opnsenseXml } from './opnsense/config-xml.ts'
import { configXml as pfsenseXml } from './pfsense/config-xml.ts'
import type { LabPlace } from './place.ts'
import { hasSetUp } from './role-set-up.ts'
import type { MachineStep, ProvisioningStep } from './step.ts'

/** The volume label that the template's boot hook looks for. */
export const discLabel = 'FIREDRILL'

/** Everything that provisioning one instance of a lab does. `label` names the instance; `pool` is its lock. */
export interface ProvisioningPlan {
  lab: Lab
  label: string
  pool: string
  place: LabPlace
  material: LabMaterial
  /** Its machines are snapshotted when they are ready, and go back there between trials. */
  rollsBack?: boolean
  steps: ProvisioningStep[]
}

/** Orders the provisioning of a lab. The lab has no `provisioningMistakes`. */
export function planProvisioning(lab: Lab, place: LabPlace, material: LabMaterial): ProvisioningPlan {
  const label = labelOf(lab.lab, place.instance)
  const plan = { lab, label, pool: poolOf(label), place, material }
  const machines = Object.keys(lab.machines)
  return {
    ...plan,
    steps: [
      { kind: 'claim', pool: plan.pool },
      ...networkSteps(plan),
      ...machines.flatMap((machine) => [...makingSteps(plan, machine)]),
      ...machines.map((machine) => ({ kind: 'start' as const, machine, vmid: vmidOf(lab, place, machine) })),
      ...machines.map((machine) => readyStep(plan, machine)),
      ...machines.filter((machine) => hasSetUp(lab, machine)).map((machine) => ({ kind: 'set-up' as const, machine })),
    ],
  }
}

type Frame = Omit<ProvisioningPlan, 'steps'>

/** One zone for the lab's VLANs, and one for its tunnels where it has any. */
function networkSteps(plan: Frame): ProvisioningStep[] {
  const { lab, place } = plan
  const vnets = Object.keys(lab.networks).map((network) => vnetFor(plan, network))
  const zones: SdnZone[] = [
    { zone: zoneOf(place.instance), bridge: place.bridge },
    { zone: tunnelZoneOf(place.instance), peers: place.peers ?? [] },
  ]
  return zones.flatMap((zone) => {
    const own = vnets.filter((vnet) => vnet.zone === zone.zone)
    return own.length === 0 ? [] : [{ kind: 'networks' as const, zone, vnets: own }]
  })
}

/** The node that a machine lives on. Without a cluster at hand a second one has no name yet. */
export function nodeOf({ lab, place }: Pick<ProvisioningPlan, 'lab' | 'place'>, machine: string): string {
  return lab.machines[machine]?.node === 2 ? (place.secondNode ?? '{second node}') : place.node
}

function vnetFor({ lab, label, place }: Frame, network: string): SdnVnet {
  return {
    vnet: vnetOf(lab, network, place.instance),
    zone: zoneOfNetwork(lab, network, place.instance),
    tag: vlanOf(lab, network, place.instance),
    alias: aliasOf(label, network),
  }
}

function makingSteps(plan: Frame, machine: string): MachineStep[] {
  const { lab, label, pool, place, material } = plan
  const image = lab.machines[machine]?.image ?? ''
  const vmid = vmidOf(lab, place, machine)
  const clone = {
    kind: 'clone' as const,
    machine,
    node: nodeOf(plan, machine),
    vmid,
    name: vmNameOf(label, machine),
    template: templateOf(image),
    pool,
  }
  const configure = { kind: 'configure' as const, machine, vmid, settings: settingsOf(plan, machine) }
  if (!isFirewall(image)) return [clone, configure]
  const write = image.startsWith('pfsense-') ? pfsenseXml : opnsenseXml
  const content = { 'CONFIG.XML': write(lab, machine, label, place.instance, material) }
  const fileName = discOf(label, machine)
  return [
    { kind: 'disc', machine, node: nodeOf(plan, machine), storage: place.isoStorage, fileName, content },
    clone,
    configure,
  ]
}

function settingsOf({ lab, label, place, material }: Frame, machine: string): Record<string, string> {
  const image = lab.machines[machine]?.image ?? ''
  const nics = nicsOf(lab, machine, label, place.instance)
  const common = { tags: tagsOf(lab.lab).join(';'), onboot: '0', agent: 'enabled=1', ...nicSettings(nics) }
  if (isFirewall(image)) {
    return { ...common, ide3: `${place.isoStorage}:iso/${discOf(label, machine)},media=cdrom` }
  }
  const keys = [material.harnessKey, ...(image === 'target' ? [material.insideKey.publicKey] : [])]
  return { ...common, ...cloudInitSettings(lab, machine, nics, keys, place.storage) }
}

function readyStep({ lab, label, place }: Frame, machine: string): MachineStep {
  const nic = nicsOf(lab, machine, label, place.instance).find(({ network }) => network === management)
  const vmid = vmidOf(lab, place, machine)
  return {
    kind: 'ready',
    machine,
    vmid,
    managementMac: nic?.mac ?? null,
    managementAddress: nic?.address?.split('/')[0] ?? null,
  }
}
