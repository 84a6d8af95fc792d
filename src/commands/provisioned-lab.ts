import { randomBytes } from 'node:crypto'
import { hostname, userInfo } from 'node:os'
import { connectProxmox } from '../drivers/hypervisor/proxmox/index.ts'
import type { ProxmoxVe } from '../drivers/hypervisor/proxmox/index.ts'
import { connectSsh } from '../drivers/shell/ssh/index.ts'
import type { LabOwner } from '../engine/provisioning/owner.ts'
import { provisionLab } from '../engine/provisioning/provision-lab.ts'
import type { ProvisionedLab } from '../engine/provisioning/provision-lab.ts'
import type { Access, Site } from '../engine/provisioning/site.ts'
import { scopeOf, teardownLab } from '../engine/provisioning/teardown-lab.ts'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'
import type { Target } from '../model/target.ts'
import type { Clock } from '../ports/clock.ts'
import { secretNames } from '../plan/provisioning/material.ts'
import type { LabMaterial } from '../plan/provisioning/material.ts'
import { provisioningMistakes } from '../plan/provisioning/mistakes.ts'
import { labelOf } from '../plan/provisioning/names.ts'
import { placeOf } from '../plan/provisioning/place.ts'
import { planProvisioning } from '../plan/provisioning/plan.ts'
import { privateFolder, withApis } from './firewall-credentials.ts'
import { randomSecrets, readSecrets } from './secrets.ts'
import { createSshKey, readPublicKey } from './ssh-key.ts'
import { makeVpnCertificates } from './vpn-certificates.ts'

/** How a lab is to be provisioned. `secrets`: a file of them, or `random` for a lab that nobody else sees. */
export interface ProvisioningWish {
  lab: Lab
  target: Target
  instance: number
  secrets: { file: string | undefined } | 'random'
  /** True for a lab that outlives this process; `lab down --orphans` leaves it alone. */
  kept: boolean
  /** True where its machines will go back to a snapshot between trials. */
  rollsBack?: boolean
  /** Where the credentials of its firewalls go; a lab that is kept without such a folder is reached over SSH only. */
  folder?: string
}

/** A lab that stands. `target` knows its machines; `label` is the lab name that the drivers take. */
export interface StandingLab extends ProvisionedLab {
  target: Target
  /** Takes it down; resolves to what is left, one line each (exit 75 where there is any). */
  leave(): Promise<string[]>
}

/** Makes a lab on the target and waits until its machines answer. What is wrong with the lab or its secrets is exit 64, all at once. */
export async function standUpLab(
  wish: ProvisioningWish,
  clock: Clock,
  progress: (text: string) => void,
  signal: AbortSignal,
): Promise<StandingLab> {
  const { lab, target, instance } = wish
  const secrets = await secretsOf(wish)
  refuseMistakes(provisioningMistakes(lab, instance, Object.keys(secrets)))
  const material = await materialFor(target, secrets, lab)
  const { site, hypervisor } = await openSite(lab, target, instance, clock, progress)
  try {
    const { cluster } = hypervisor
    const place = placeOf(target, instance, await cluster.release(signal), await cluster.nodes(signal))
    const plan = { ...planProvisioning(lab, place, material), rollsBack: wish.rollsBack ?? false }
    const access = knownAccess(target, lab, instance)
    const made = await provisionLab(site, plan, { owner: ownerOfThis(), access, isKept: wish.kept }, signal)
    const { machines, forget } = await reachedBy(wish, made.machines, material)
    return {
      ...made,
      target: { ...target, machines },
      leave: async () => {
        await forget()
        return await leave(wish, clock, progress, scopeOf(plan))
      },
    }
  } finally {
    await hypervisor.close()
  }
}

/** The ways to its machines, with the APIs of its firewalls where their credentials have a place; `forget` removes what was made for them. */
async function reachedBy(wish: ProvisioningWish, machines: Access, material: LabMaterial) {
  const made = { ...wish, machines, material }
  const nothing = async () => {}
  if (wish.folder !== undefined) return { machines: await withApis(made, wish.folder), forget: nothing }
  if (wish.kept) return { machines, forget: nothing }
  const { folder, remove } = await privateFolder()
  return { machines: await withApis(made, folder), forget: remove }
}

async function leave(
  { lab, target, instance }: ProvisioningWish,
  clock: Clock,
  progress: (text: string) => void,
  scope: Parameters<typeof teardownLab>[1],
): Promise<string[]> {
  const { site, hypervisor } = await openSite(lab, target, instance, clock, progress)
  try {
    return await teardownLab(site, scope)
  } finally {
    await hypervisor.close()
  }
}

/** The drivers of a target in the roles that provisioning needs. `close` the hypervisor afterwards. */
export async function openSite(
  lab: Pick<Lab, 'lab' | 'machines'>,
  target: Target,
  instance: number,
  clock: Clock,
  progress: (text: string) => void,
): Promise<{ site: Site; hypervisor: ProxmoxVe }> {
  const own = { name: labelOf(lab.lab, instance), machines: Object.keys(lab.machines) }
  const hypervisor = await connectProxmox({ target, lab: own, clock })
  const { vms, pools, sdn, isos, agent, cluster, privileges } = hypervisor
  const openShell = (machines: Access) => connectSsh({ ...target, machines })
  return {
    hypervisor,
    site: { vms, pools, sdn, isos, agent, cluster, privileges, power: hypervisor, openShell, clock, progress },
  }
}

/** SSH entries of the target file for an instance: those named `fw1`, or `fw1-i2` for instance 2. */
function knownAccess(target: Target, lab: Lab, instance: number): Access {
  return Object.fromEntries(
    Object.keys(lab.machines).flatMap((machine) => {
      const entry = target.machines[labelOf(machine, instance)]
      return entry === undefined ? [] : [[machine, entry]]
    }),
  )
}

async function secretsOf({ lab, secrets }: ProvisioningWish): Promise<Record<string, string>> {
  const names = secretNames(lab)
  return secrets === 'random' ? randomSecrets(names) : readSecrets(names, secrets.file, process.env)
}

/** What a lab is made with: keys of its own, and passwords that nobody is told. */
export async function materialFor(
  target: Target,
  secrets: Record<string, string>,
  { pair }: Pick<Lab, 'pair'>,
): Promise<LabMaterial> {
  const keyFile = target.sshKeyFile
  if (keyFile === undefined) throw noKey()
  const random = (bytes: number) => randomBytes(bytes).toString('base64')
  return {
    harnessKey: await readPublicKey(keyFile),
    insideKey: createSshKey(),
    secrets,
    rootPassword: random(24),
    apiKey: { key: random(60), secret: random(60) },
    ...(pair.vpn === undefined ? {} : { vpn: await makeVpnCertificates() }),
  }
}

function noKey(): HarnessError {
  return new HarnessError('the target file names no sshKeyFile, and provisioned machines let nobody else in', {
    exitCode: exitCodes.usage,
    hint: 'ssh-keygen -t ed25519 -f KEY, then set "sshKeyFile": "KEY"',
  })
}

/** Refuses (exit 64) with all mistakes, one line each. */
export function refuseMistakes(mistakes: string[]): void {
  if (mistakes.length === 0) return
  throw new HarnessError(mistakes.join('\n'), { exitCode: exitCodes.usage, hint: 'nothing was started' })
}

function ownerOfThis(): LabOwner {
  return { owner: ownerName(), pid: process.pid, since: new Date().toISOString() }
}

/** Who this is, as pools name their owners. */
export const ownerName = (): string => `${userName()}@${hostname()}`

/** A service's or a container's user may be a number only. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`
  }
}
