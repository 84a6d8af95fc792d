import type { SshAccess } from '../../model/target.ts'
import { isoImage } from '../../plan/provisioning/iso-image.ts'
import { isFirewall } from '../../plan/provisioning/mistakes.ts'
import { templateTag } from '../../plan/provisioning/names.ts'
import { discLabel } from '../../plan/provisioning/plan.ts'
import type { ProvisioningPlan } from '../../plan/provisioning/plan.ts'
import { roleSetUp, setUpNeeds } from '../../plan/provisioning/role-set-up.ts'
import { stepsOf } from '../../plan/provisioning/step.ts'
import type { MachineStep } from '../../plan/provisioning/step.ts'
import { despiteLocks } from './lock-retry.ts'
import { awaitSsh, locate } from './readiness.ts'
import { callSignal } from './site.ts'
import type { Access, Site } from './site.ts'
import { openSlots } from './slots.ts'
import type { Slots } from './slots.ts'

/** Wide fan-out of clones fails on storage and cluster locks. */
const clonesAtATime = 2

/** What the chains of a lab share. */
interface Shared {
  templates: Record<string, number>
  /** Machines whose SSH is known beforehand. */
  access: Access
  /** Settles when the lab's networks are there; NICs need them. */
  networks: Promise<void>
}

interface Chain extends Shared {
  site: Site
  plan: ProvisioningPlan
  slots: Slots
  located: Map<string, PromiseWithResolvers<SshAccess>>
  signal: AbortSignal
}

/** A machine that is up, and how it is reached. */
export interface LocatedMachine {
  machine: string
  vmid: number
  ssh: SshAccess
}

/** Makes every machine, each as a chain of steps; a chain waits for another one only where it needs its host key. */
export function startChains(
  site: Site,
  plan: ProvisioningPlan,
  shared: Shared,
  signal: AbortSignal,
): Promise<LocatedMachine>[] {
  const machines = Object.keys(plan.lab.machines)
  const located = new Map(machines.map((machine) => [machine, Promise.withResolvers<SshAccess>()]))
  for (const { promise } of located.values()) promise.catch(() => {})
  const chain = { ...shared, site, plan, slots: openSlots(clonesAtATime), located, signal }
  return machines.map((machine) => runChain(chain, machine))
}

async function runChain(chain: Chain, machine: string): Promise<LocatedMachine> {
  const found = chain.located.get(machine)
  try {
    const steps = stepsOf(chain.plan.steps, machine)
    for (const step of steps) {
      if (step.kind === 'configure') await chain.networks
      chain.signal.throwIfAborted()
      await carryOut(chain, step)
    }
    const clone = steps.find((step) => step.kind === 'clone')
    const ssh = await found?.promise
    if (clone?.kind !== 'clone' || ssh === undefined) throw new TypeError(`the plan makes no machine ${machine}`)
    return { machine, vmid: clone.vmid, ssh }
  } catch (error) {
    found?.reject(error)
    throw error
  }
}

async function carryOut(chain: Chain, step: MachineStep): Promise<void> {
  const { site } = chain
  const signal = callSignal()
  switch (step.kind) {
    case 'disc':
      await upload(site, step, signal)
      break
    case 'clone':
      await chain.slots.run(() => makeClone(chain, step))
      site.progress(`${step.machine}: VM ${step.vmid}, a clone of ${step.template}`)
      break
    case 'configure':
      await despiteLocks(site.clock, signal, () => site.vms.configure(step.vmid, step.settings, signal))
      break
    case 'start':
      await despiteLocks(site.clock, signal, () => site.power.start(step.machine, signal))
      break
    case 'ready':
      await makeReady(chain, step)
      site.progress(`${step.machine}: ready`)
      break
    case 'set-up':
      await setUp(chain, step.machine)
  }
}

async function upload(site: Site, step: Extract<MachineStep, { kind: 'disc' }>, signal: AbortSignal): Promise<void> {
  const image = isoImage(discLabel, step.content)
  await despiteLocks(site.clock, signal, () => site.isos.upload(step.storage, step.fileName, image, signal, step.node))
}

/** A clone that met a lock may have left a VM behind, not in its pool yet, which its repetition would take for somebody else's. */
async function makeClone(
  chain: Chain,
  { vmid, name, template, pool, node }: Extract<MachineStep, { kind: 'clone' }>,
): Promise<void> {
  const { site, templates } = chain
  chain.signal.throwIfAborted()
  const source = templates[template]
  if (source === undefined) throw new TypeError(`template ${template} was not surveyed`)
  const signal = callSignal()
  const make = () => site.vms.clone({ vmid, name, template: source, pool, storage: null, node }, signal)
  const clean = async () => {
    const half = (await site.vms.list(signal)).find(
      (vm) => vm.vmid === vmid && (vm.pool === pool || (vm.pool === null && vm.tags.includes(templateTag))),
    )
    if (half !== undefined) await despiteLocks(site.clock, signal, () => site.vms.destroy(vmid, signal))
  }
  await despiteLocks(site.clock, signal, make, clean)
}

async function makeReady(chain: Chain, step: Extract<MachineStep, { kind: 'ready' }>): Promise<void> {
  const { site, plan, access, signal } = chain
  const { machine } = step
  const known = Object.hasOwn(access, machine) ? access[machine]?.ssh : undefined
  const how = { keyFiles: keyFilesOf(plan, machine), via: plan.lab.management?.via }
  const ssh = known ?? (await locate(site, step, how, signal))
  const shell = site.openShell({ [machine]: { ssh } })
  try {
    await awaitSsh(site, shell, machine, signal)
  } finally {
    await shell.close()
  }
  chain.located.get(machine)?.resolve(ssh)
}

/** OPNsense keeps its host keys with its configuration, pfSense and Linux in /etc/ssh. */
function keyFilesOf({ lab }: ProvisioningPlan, machine: string): string[] {
  const folders = isFirewall(lab.machines[machine]?.image ?? '') ? ['/conf/sshd', '/etc/ssh'] : ['/etc/ssh']
  return folders.map((folder) => `${folder}/ssh_host_ed25519_key.pub`)
}

async function setUp({ site, plan, located, signal }: Chain, machine: string): Promise<void> {
  const accessOf = async (name: string) => [name, await located.get(name)?.promise] as const
  const needed = await Promise.all([machine, ...setUpNeeds(plan.lab, machine)].map(accessOf))
  const access = Object.fromEntries(needed.flatMap(([name, ssh]) => (ssh === undefined ? [] : [[name, { ssh }]])))
  const hostKeys = Object.fromEntries(Object.entries(access).map(([name, { ssh }]) => [name, ssh.hostKey]))
  const shell = site.openShell(access)
  try {
    for (const { command, input, what } of roleSetUp(plan.lab, machine, plan.material, hostKeys)) {
      signal.throwIfAborted()
      await shell.run(machine, command, { signal, input })
      site.progress(`${machine}: ${what}`)
    }
  } finally {
    await shell.close()
  }
}
