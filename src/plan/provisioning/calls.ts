import type { SdnVnet, SdnZone } from '../../ports/provisioning.ts'
import type { Call } from './call.ts'
import { agentNeeds, all, onVm, settingNeeds } from './needs.ts'
import { vnetOf, zoneOf, zoneOfNetwork } from './names.ts'
import { nodeOf } from './plan.ts'
import type { ProvisioningPlan } from './plan.ts'
import { roleSetUp } from './role-set-up.ts'
import { snapshotCalls } from './snapshot-calls.ts'
import type { MachineStep, ProvisioningStep } from './step.ts'

/** Template VMIDs by name, where they are known; a plan without a cluster shows a placeholder. */
export type Templates = Readonly<Record<string, number>>

/** Every call of provisioning in order: first what is only read, then one step after the other. */
export function provisioningCalls(plan: ProvisioningPlan, templates: Templates = {}): Call[] {
  const steps = plan.steps.flatMap((step) => stepCalls(plan, step, templates))
  return [...preflightCalls(plan), ...steps, ...(plan.rollsBack === true ? snapshotCalls(plan) : [])]
}

function preflightCalls({ place, pool }: ProvisioningPlan): Call[] {
  const get = (path: string, why: string, needs: Call['needs'] = []): Call => call('GET', path, {}, needs, why)
  return [
    get('/version', 'release'),
    get('/cluster/status', 'quorum', all(['/'], 'Sys.Audit')),
    get('/cluster/resources?type=vm', 'templates, and VMIDs that are taken'),
    get(`/pools/${pool}`, 'is the lab taken?', all([`/pool/${pool}`], 'Pool.Audit')),
    get('/cluster/sdn/zones', 'zones that are there', all(['/sdn/zones'], 'SDN.Audit')),
    get('/cluster/sdn/vnets', 'vnets that are there'),
    get(`/nodes/${place.node}/storage/${place.isoStorage}/content`, 'discs', [
      { paths: [`/storage/${place.isoStorage}`], privileges: ['Datastore.Audit', 'Datastore.AllocateSpace'] },
    ]),
  ]
}

function stepCalls(plan: ProvisioningPlan, step: ProvisioningStep, templates: Templates): Call[] {
  if (step.kind === 'claim') {
    const needs = all([`/pool/${step.pool}`], 'Pool.Allocate')
    return [call('POST', '/pools', { poolid: step.pool, comment: '{owner, pid, since}' }, needs, "the lab's lock")]
  }
  return step.kind === 'networks' ? networkCalls(plan, step.zone, step.vnets) : machineCalls(plan, step, templates)
}

function networkCalls({ place }: ProvisioningPlan, zone: SdnZone, vnets: SdnVnet[]): Call[] {
  const locks = place.release.major >= 9
  const token = locks ? { 'lock-token': '{token}' } : {}
  const onSdn = all(['/sdn'], 'SDN.Allocate')
  const lock = call(
    'POST',
    '/cluster/sdn/lock',
    {},
    onSdn,
    'nobody else edits meanwhile; refused while changes are pending',
  )
  const onZones = all(['/sdn/zones'], 'SDN.Allocate')
  const onZone = all([`/sdn/zones/${zone.zone}`], 'SDN.Allocate')
  const apply = { ...token, ...(locks ? { 'release-lock': '1' } : {}) }
  return [
    ...(locks ? [lock] : []),
    call('POST', '/cluster/sdn/zones', { ...carrierOf(zone), zone: zone.zone, ...token }, onZones, 'zone of the lab'),
    ...vnets.map(({ vnet, tag, alias }) =>
      call('POST', '/cluster/sdn/vnets', { vnet, zone: zone.zone, tag: String(tag), alias, ...token }, onZone, alias),
    ),
    call('PUT', '/cluster/sdn', apply, onSdn, 'apply on every node'),
    call(
      'GET',
      `/nodes/${place.node}/sdn/zones/${zone.zone}/content`,
      {},
      all([`/sdn/zones/${zone.zone}`], 'SDN.Audit'),
      'applied?',
    ),
  ]
}

const carrierOf = (zone: SdnZone): Record<string, string> =>
  'peers' in zone ? { type: 'vxlan', peers: zone.peers.join(',') } : { type: 'vlan', bridge: zone.bridge }

function machineCalls(plan: ProvisioningPlan, step: MachineStep, templates: Templates): Call[] {
  const node = `/nodes/${nodeOf(plan, step.machine)}`
  if (step.kind === 'disc') return [discCall(node, step)]
  if (step.kind === 'clone') return [cloneCall(plan, step, templates)]
  if (step.kind === 'configure') return [configureCall(plan, step)]
  if (step.kind === 'ready') return readyCalls(plan, step)
  if (step.kind === 'set-up') return setUpCalls(plan, step.machine)
  const needs = onVm(plan.pool, step.vmid, 'VM.PowerMgmt', 'VM.Audit')
  return [call('POST', `${node}/qemu/${step.vmid}/status/start`, {}, needs, `start ${step.machine}`)]
}

function configureCall(plan: ProvisioningPlan, step: Extract<MachineStep, { kind: 'configure' }>): Call {
  const { place, pool } = plan
  const space = all([`/storage/${place.storage}`], 'Datastore.AllocateSpace')
  const needs = [...settingNeeds(pool, step.vmid, step.settings, (vnet) => zoneOfVnet(plan, vnet)), ...space]
  const path = `/nodes/${nodeOf(plan, step.machine)}/qemu/${step.vmid}/config`
  return call('POST', path, step.settings, needs, `NICs and first settings of ${step.machine}`)
}

const zoneOfVnet = ({ lab, place: { instance } }: ProvisioningPlan, vnet: string): string => {
  const network = Object.keys(lab.networks).find((each) => vnetOf(lab, each, instance) === vnet)
  return network === undefined ? zoneOf(instance) : zoneOfNetwork(lab, network, instance)
}

function setUpCalls({ lab, material }: ProvisioningPlan, machine: string): Call[] {
  return roleSetUp(lab, machine, material, {}).map(({ command, what }) => call('SSH', machine, { command }, [], what))
}

function discCall(node: string, { storage, fileName, machine }: Extract<MachineStep, { kind: 'disc' }>): Call {
  const needs = all([`/storage/${storage}`], 'Datastore.AllocateTemplate')
  const parameters = { content: 'iso', filename: fileName }
  return call('POST', `${node}/storage/${storage}/upload`, parameters, needs, `configuration of ${machine}, as a CD`)
}

function cloneCall(plan: ProvisioningPlan, step: Extract<MachineStep, { kind: 'clone' }>, templates: Templates): Call {
  const template = Object.hasOwn(templates, step.template) ? templates[step.template] : undefined
  const source = template === undefined ? '/vms' : `/vms/${template}`
  const { vmid, name, pool } = step
  const path = `/nodes/${plan.place.node}/qemu/${template ?? `{vmid of ${step.template}}`}/clone`
  const needs = [...all([source], 'VM.Clone', 'VM.Audit'), ...onVm(pool, vmid, 'VM.Allocate')]
  const space = all([`/storage/${plan.place.storage}`], 'Datastore.AllocateSpace')
  return call(
    'POST',
    path,
    { newid: String(vmid), name, pool, ...(step.node === plan.place.node ? {} : { target: step.node }) },
    [...needs, ...space],
    `${step.machine} from ${step.template}`,
  )
}

function readyCalls(plan: ProvisioningPlan, step: Extract<MachineStep, { kind: 'ready' }>): Call[] {
  const agent = `/nodes/${nodeOf(plan, step.machine)}/qemu/${step.vmid}/agent`
  const { release } = plan.place
  const ping = agentNeeds(plan.pool, step.vmid, release, false)
  const exec = agentNeeds(plan.pool, step.vmid, release, true)
  const { machine } = step
  if (step.managementMac === null)
    return [call('POST', `${agent}/ping`, {}, ping, `${machine} has booted (or its SSH answers)`)]
  return [
    call('POST', `${agent}/ping`, {}, ping, `${machine} has booted`),
    ...(step.managementAddress === null
      ? [call('GET', `${agent}/network-get-interfaces`, {}, ping, `management address of ${machine}`)]
      : []),
    call('POST', `${agent}/exec`, { command: 'cat' }, exec, `SSH host key of ${machine}`),
  ]
}

function call(
  method: Call['method'],
  path: string,
  parameters: Call['parameters'],
  needs: Call['needs'],
  why: string,
): Call {
  return { method, path, parameters, needs, why }
}
