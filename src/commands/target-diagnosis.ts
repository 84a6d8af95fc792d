import { readFile } from 'node:fs/promises'
import { startClock } from '../engine/clock.ts'
import { pingHost } from '../drivers/reachability/reachability.ts'
import type { ProxmoxVe } from '../drivers/hypervisor/proxmox/index.ts'
import { attachLab } from '../engine/provisioning/attach-lab.ts'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'
import type { Target } from '../model/target.ts'
import type { Call } from '../plan/provisioning/call.ts'
import { provisioningCalls } from '../plan/provisioning/calls.ts'
import { secretNames, shownMaterial } from '../plan/provisioning/material.ts'
import { placeOf } from '../plan/provisioning/place.ts'
import type { LabPlace } from '../plan/provisioning/place.ts'
import { planProvisioning } from '../plan/provisioning/plan.ts'
import { grantLine, missingPrivileges } from '../plan/provisioning/privileges.ts'
import { rollbackCalls } from '../plan/provisioning/snapshot-calls.ts'
import { teardownCalls } from '../plan/provisioning/teardown-calls.ts'
import { diagnose } from './diagnosis.ts'
import type { Diagnosis } from './diagnosis.ts'
import { openSite } from './provisioned-lab.ts'

const pingWithinMs = 2000

/** What a diagnosis of a target found. `unreachable`: nothing answered, so the rest could not be looked at. */
export interface TargetDiagnosis {
  lines: Diagnosis[]
  unreachable: boolean
}

/** Whether a target is fit for a lab: reachable, trusted, its token good, node and storage there, templates made, every right granted. */
export async function diagnoseTarget(target: Target, lab: Lab, signal: AbortSignal): Promise<TargetDiagnosis> {
  const lines = [await diagnosePing(target)]
  const { hypervisor } = await openSite(lab, target, 0, startClock(), () => {})
  try {
    const answer = await diagnose('API', async () => {
      const { text } = await hypervisor.cluster.release(signal)
      return `Proxmox VE ${text}, certificate and token are accepted`
    })
    lines.push(answer)
    if (answer.state === 'fail') return { lines, unreachable: true }
    const { cluster } = hypervisor
    const place = placeOf(target, 0, await cluster.release(signal), await cluster.nodes(signal))
    lines.push(await diagnoseNode(hypervisor, place, signal), await diagnoseStorage(hypervisor, place, signal))
    const rest =
      target.attach === undefined
        ? diagnoseProvisioning(hypervisor, target, lab, place, signal)
        : diagnoseAttachment(hypervisor, target.attach, signal)
    return { lines: [...lines, ...(await rest)], unreachable: false }
  } finally {
    await hypervisor.close()
  }
}

async function diagnosePing({ url }: Target): Promise<Diagnosis> {
  const host = new URL(url).hostname
  const rttMs = await pingHost(host, pingWithinMs)
  if (rttMs !== null) return { what: 'reachability', state: 'pass', detail: `${host} answers pings in ${rttMs} ms` }
  const advice = 'a filter may drop pings; the next line tells'
  return { what: 'reachability', state: 'unknown', detail: `${host} answers no ping`, advice }
}

function diagnoseNode({ cluster }: ProxmoxVe, place: LabPlace, signal: AbortSignal): Promise<Diagnosis> {
  return diagnose('node', async () => {
    const { name, quorate } = await cluster.cluster(signal)
    const nodes = await cluster.nodes(signal)
    const node = nodes.find((each) => each.node === place.node)
    const names = nodes.map((each) => each.node).join(', ')
    if (node === undefined) throw failed(`expected node ${place.node}, ${name} has ${names}`, 'correct "node"')
    if (!node.online) throw failed(`${place.node} is offline`, 'start it')
    if (!quorate) throw failed(`cluster ${name} has no quorum`, 'bring its other nodes back')
    return `${place.node} of ${name} is online, the cluster has quorum`
  })
}

function diagnoseStorage({ isos }: ProxmoxVe, place: LabPlace, signal: AbortSignal): Promise<Diagnosis> {
  return diagnose('storage', async () => {
    const volumes = await isos.volumes(place.isoStorage, signal)
    return `${place.isoStorage} answers with ${volumes.length} ISO images`
  })
}

/** A zone may name any bridge; one that is missing is only noticed when networks are applied. */
function diagnoseBridge(
  { cluster, sdn }: ProxmoxVe,
  name: string,
  node: string,
  signal: AbortSignal,
): Promise<Diagnosis> {
  return diagnose('bridge', async () => {
    const bridges = await cluster.bridges(node, signal)
    const found = bridges.find((each) => each.name === name)
    const names = bridges.map((each) => each.name).join(', ') || 'none'
    if (found === undefined && (await sdn.vnets(signal)).some(({ vnet }) => vnet === name))
      return `${name} is a vnet of the cluster's SDN`
    if (found === undefined)
      throw failed(`expected bridge ${name} on ${node}, which has ${names}`, 'correct its name, or make it')
    if (!found.active) throw failed(`bridge ${name} of ${node} is configured, but not up`, `ifup ${name} on ${node}`)
    return `${name} of ${node} is up`
  })
}

/** The bridges that a lab's networks need: that of its VLANs on every node of the lab, that of its management. */
function bridgesOf(lab: Lab, { bridge, node, secondNode }: LabPlace): { name: string; node: string }[] {
  const usesSecond = Object.values(lab.machines).some((machine) => machine.node === 2)
  const nodes = [node, ...(usesSecond && secondNode !== undefined ? [secondNode] : [])]
  const names = new Set([bridge, ...(lab.management === undefined ? [] : [lab.management.bridge])])
  return nodes.flatMap((each) => [...names].map((name) => ({ name, node: each })))
}

function diagnoseAttachment(
  hypervisor: ProxmoxVe,
  attachment: NonNullable<Target['attach']>,
  signal: AbortSignal,
): Promise<Diagnosis[]> {
  const look = async () => {
    await attachLab(hypervisor, attachment, signal)
    return `${Object.keys(attachment.machines).join(', ')} are there, not protected, not managed by HA`
  }
  return diagnose('attached machines', look).then((line) => [line])
}

async function diagnoseProvisioning(
  hypervisor: ProxmoxVe,
  target: Target,
  lab: Lab,
  place: LabPlace,
  signal: AbortSignal,
): Promise<Diagnosis[]> {
  const { vms, privileges } = hypervisor
  const bridges = bridgesOf(lab, place).map(({ name, node }) => diagnoseBridge(hypervisor, name, node, signal))
  const all = await vms.list(signal)
  const templates = Object.fromEntries(all.filter(({ isTemplate }) => isTemplate).map(({ name, vmid }) => [name, vmid]))
  const plan = { ...planProvisioning(lab, place, shownMaterial(secretNames(lab))), rollsBack: true }
  const wanted = new Set(plan.steps.flatMap((step) => (step.kind === 'clone' ? [step.template] : [])))
  const calls = [...provisioningCalls(plan, templates), ...rollbackCalls(plan), ...teardownCalls(plan)]
  return [
    ...(await Promise.all(bridges)),
    ...[...wanted].map((name) => templateLine(name, templates[name])),
    ...privilegeLines(calls, await privileges.permissions(signal), await tokenIdOf(target)),
  ]
}

function templateLine(name: string, vmid: number | undefined): Diagnosis {
  if (vmid !== undefined) return { what: 'template', state: 'pass', detail: `${name} is VM ${vmid}` }
  return { what: 'template', state: 'fail', detail: `no VM template is named ${name}`, advice: 'lab/build makes it' }
}

function privilegeLines(calls: Call[], granted: Record<string, string[]>, token: string | null): Diagnosis[] {
  const missing = missingPrivileges(calls, granted)
  if (missing.length === 0) {
    const count = calls.filter(({ needs }) => needs.length > 0).length
    return [{ what: 'privileges', state: 'pass', detail: `everything that ${count} calls need` }]
  }
  return missing.map((each) => ({
    what: `privileges on ${each.path}`,
    state: 'fail',
    detail: `${each.privileges.join(', ')} missing, for ${each.calls[0] ?? 'a call'}${each.calls.length > 1 ? ' and others' : ''}`,
    advice: grantLine(each, token),
  }))
}

/** The id of the token, which is no secret; null where it cannot be told. */
async function tokenIdOf({ tokenFile, tokenEnv }: Target): Promise<string | null> {
  const text = tokenFile === undefined ? process.env[tokenEnv ?? ''] : await readFile(tokenFile, 'utf8').catch(() => '')
  const id = text?.split('=', 1)[0]?.trim() ?? ''
  return /^[^\s@!=]+@[^\s@!=]+![^\s@!=]+$/.test(id) ? id : null
}

function failed(message: string, hint: string): HarnessError {
  return new HarnessError(message, { exitCode: exitCodes.unavailable, hint })
}
