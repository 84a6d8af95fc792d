import { readConfig, readPending, settingsOf, writeConfig } from '../endpoints/vms.ts'
import type { Nic, NicChanges, NicHost, RequestInterval } from '../../../../ports/hypervisor.ts'
import type { MachineFinder } from '../machines.ts'
import { editNic, nicOf } from '../nic-string.ts'
import { sameProperties } from '../property-string.ts'
import { surelyDone } from '../tasks/synchronous.ts'
import { failure, isKind } from '../transport/error.ts'
import type { Vms } from '../vms.ts'

/** One NIC of one VM on its node. */
interface Place {
  node: string
  vmid: number
  key: string
}

/** A lost update is tried again, from the value that won. */
const attempts = 3

/** NICs of the lab's machines. */
export function nicsOf(vms: Vms, find: MachineFinder): NicHost {
  return {
    async readNic(machine, index, signal) {
      const vmid = await find(machine, signal)
      const key = `net${index}`
      return await vms.at(vmid, async (node) => (await running(vms, { node, vmid, key }, signal)).nic, signal)
    },
    async writeNic(machine, index, changes, signal) {
      const vmid = await find(machine, signal)
      const key = `net${index}`
      return await vms.change(vmid, (node) => write(vms, { node, vmid, key }, changes, signal), signal)
    },
  }
}

interface Running {
  text: string
  nic: Nic
  digest: string | undefined
}

async function running({ api }: Vms, { node, vmid, key }: Place, signal: AbortSignal): Promise<Running> {
  const { data } = await api.call(readConfig, { node, vmid, current: true }, signal)
  const text = settingsOf(data)[key]
  if (text === undefined) throw failure(`VM ${vmid} has no ${key}`, { hint: `qm config ${vmid} shows its NICs` })
  const nic = nicOf(text)
  if (nic === null) throw failure(`expected ${key} of VM ${vmid} with a model and a MAC, came ${text}`)
  return { text, nic, digest: data.digest }
}

async function write(vms: Vms, place: Place, changes: NicChanges, signal: AbortSignal): Promise<RequestInterval> {
  for (let attempt = 1; ; attempt += 1) {
    const before = await running(vms, place, signal)
    const wanted = editNic(before.text, changes)
    try {
      const interval = await put(vms, place, wanted, before.digest, signal)
      await refusePending(vms, place, signal)
      return interval
    } catch (thrown) {
      if (isKind(thrown, 'hotplug', 'bridge-missing')) await revert(vms, place, signal)
      if (attempt === attempts || !isKind(thrown, 'digest-mismatch')) throw thrown
    }
  }
}

async function put(
  vms: Vms,
  place: Place,
  wanted: string,
  digest: string | undefined,
  signal: AbortSignal,
): Promise<RequestInterval> {
  const { api } = vms
  const { node, vmid, key } = place
  const sentMs = api.clock.nowMs()
  const send = () => api.call(writeConfig, { node, vmid, digest, [key]: wanted }, signal)
  const isDone = async () => sameProperties((await running(vms, place, signal)).text, wanted)
  const reply = await surelyDone(api, send, isDone, signal)
  return reply === undefined ? { sentMs, ackedMs: api.clock.nowMs() } : { sentMs: reply.sentMs, ackedMs: reply.ackedMs }
}

/** A value that the running VM did not take over would surprise whoever restarts it. */
async function refusePending({ api }: Vms, { node, vmid, key }: Place, signal: AbortSignal): Promise<void> {
  const { data } = await api.call(readPending, { node, vmid }, signal)
  const entry = data.find((one) => one.key === key)
  if (entry === undefined || (entry.pending === undefined && entry.delete === undefined)) return
  throw failure(`VM ${vmid}: ${key} did not change while it runs: the new value stayed pending and was taken back`, {
    kind: 'hotplug',
    hint: 'is `network` in the hotplug option of the VM?',
  })
}

/** Best effort: why the change failed is what people have to know. */
async function revert({ api }: Vms, { node, vmid, key }: Place, signal: AbortSignal): Promise<void> {
  await api.call(writeConfig, { node, vmid, revert: key }, signal).catch(() => undefined)
}
