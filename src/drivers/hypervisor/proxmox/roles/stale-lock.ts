import { HarnessError } from '../../../../model/failure.ts'
import { listNodes } from '../endpoints/cluster.ts'
import { listTasks } from '../endpoints/tasks.ts'
import { readConfig, settingsOf, writeConfig } from '../endpoints/vms.ts'
import { readUpid } from '../tasks/upid.ts'
import type { Api } from '../transport/api.ts'
import { failure } from '../transport/error.ts'

const makers = ['qmclone', 'qmcreate']
const locksOfMakers = ['clone', 'create']

/**
 * Takes away the lock that a crashed clone or creation left on a VM of ours. False where it is another lock, or somebody may still be
 * making the VM. Throws where the server does not let us: only root itself may, with a password; no token ever.
 */
export async function breakStaleLock(
  api: Api,
  vm: { node: string; vmid: number },
  signal: AbortSignal,
): Promise<boolean> {
  const { lock = '' } = settingsOf((await api.call(readConfig, vm, signal)).data)
  if (!locksOfMakers.includes(lock) || (await isAnythingMade(api, signal))) return false
  try {
    await api.call(writeConfig, { ...vm, delete: 'lock', skiplock: true }, signal)
    return true
  } catch (cause) {
    if (!(cause instanceof HarnessError)) throw cause
    const message = `VM ${vm.vmid} is locked (${lock}) by a task that has died; \`qm unlock ${vm.vmid}\` on node ${vm.node} frees it`
    const hint = 'only root may break the lock; try again after that'
    throw failure(message, { kind: 'stale-lock', hint }, cause)
  }
}

/** A clone's task bears the VMID of its template, so any that runs may be the one. */
async function isAnythingMade(api: Api, signal: AbortSignal): Promise<boolean> {
  const { data: nodes } = await api.call(listNodes, {}, signal)
  const online = nodes.filter(({ status }) => status === 'online')
  const lists = await Promise.all(
    online.map(async ({ node }) => (await api.call(listTasks, { node, source: 'active', limit: 500 }, signal)).data),
  )
  return lists
    .flat()
    .some(({ upid, status }) => (status ?? 'RUNNING') === 'RUNNING' && makers.includes(readUpid(upid).type))
}
