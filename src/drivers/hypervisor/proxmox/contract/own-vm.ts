import { z } from 'zod'
import { type Bench, type OwnVm, own } from './bench.ts'
import { ContractBroken, dataOf, outcomeOf } from './expectation.ts'

export const looseNumber = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)])

const currentSchema = z.object({
  status: z.string(),
  qmpstatus: z.string().nullish(),
  pid: looseNumber.nullish(),
  uptime: looseNumber.nullish(),
})

/** Path of a VM of the suite, or of something below it. */
export const pathOf = ({ node, vmids }: Bench, vm: OwnVm, below = ''): string =>
  `/nodes/${node}/qemu/${vmids[vm]}${below}`

/** Its NIC: on no bridge, which is QEMU's own network of one, so that nothing of the node is touched. */
export const nicText = (more = ''): string => `virtio=${own.mac}${more}`

/** What `status/current` says. */
export async function currentOf(bench: Bench, vm: OwnVm) {
  return dataOf('status/current', currentSchema, await bench.call('GET', pathOf(bench, vm, '/status/current')))
}

/** Makes the pool unless it is there. */
export async function ensurePool({ driver, signal }: Bench): Promise<void> {
  if ((await driver.pools.pool(own.pool, signal)) === null) await driver.pools.createPool(own.pool, 'contract', signal)
}

/** Makes the VM unless it is there: small, without a disk. */
export async function ensureVm(bench: Bench, vm: OwnVm, settings: Record<string, string> = {}): Promise<void> {
  const { driver, signal, vmids } = bench
  await ensurePool(bench)
  const config = await bench.call('GET', pathOf(bench, vm, '/config'))
  if (config.status === 200) return
  const common = { memory: '64', cores: '1', tags: own.tags, net0: nicText() }
  const blank = { vmid: vmids[vm], name: own.nameOf(vm), pool: own.pool, settings: { ...common, ...settings } }
  await driver.vms.create(blank, signal)
}

/** Lets the main VM run, by software where the node has no KVM. */
export async function ensureRunning(bench: Bench): Promise<void> {
  await ensureVm(bench, 'main')
  const { status, qmpstatus } = await currentOf(bench, 'main')
  if (status === 'running' && qmpstatus === 'paused') await act(bench, 'resume')
  if (status === 'running') return
  const outcome = await powerOutcome(bench, 'start')
  if (!/KVM virtuali[sz]ation configured, but not available/.test(outcome)) return expectOk('start', outcome)
  await bench.driver.vms.configure(bench.vmids.main, { kvm: '0' }, bench.signal)
  await act(bench, 'start')
}

/** Lets the main VM be there and off. */
export async function ensureStopped(bench: Bench): Promise<void> {
  await ensureVm(bench, 'main')
  if ((await currentOf(bench, 'main')).status === 'running') await act(bench, 'stop')
}

/** Does something to the main VM's power and waits for the end of its task. */
async function act(bench: Bench, action: string): Promise<void> {
  expectOk(action, await powerOutcome(bench, action))
}

const powerOutcome = async (bench: Bench, action: string) =>
  await outcomeOf(bench.call, bench.signal, await bench.call('POST', pathOf(bench, 'main', `/status/${action}`)))

/** Throws unless a task ended well. */
export function expectOk(what: string, outcome: string): void {
  if (outcome !== 'OK' && !/^WARNINGS: \d+$/.test(outcome))
    throw new ContractBroken(`${what}: expected OK, came ${outcome}`)
}
