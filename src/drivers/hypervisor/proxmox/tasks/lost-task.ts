import { listClusterTasks } from '../endpoints/cluster.ts'
import { listTasks, upid as upidSchema } from '../endpoints/tasks.ts'
import type { Api } from '../transport/api.ts'
import { readUpid } from './upid.ts'

/** The task that a call may have started before its reply was lost. */
export interface SoughtTask {
  types: readonly string[]
  /** Null: a task of the cluster, on whichever node the call went to. */
  node: string | null
  vmid: number | null
  /** The server's time when the call was sent, seconds since 1970. */
  sinceS: number
}

const searches = [0, 500, 1000, 1500]
/** The clocks of nodes differ a little, and the server says its time in whole seconds. */
const slackS = 2

/**
 * The UPID of the task that a call started although its reply never came; null when there is none. Ours by user, type, VMID and start,
 * and not `known` already. Looks several times: a busy daemon may begin the work after the reply was lost.
 */
export async function findLostTask(
  api: Api,
  sought: SoughtTask,
  known: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<string | null> {
  for (const pauseMs of searches) {
    await api.clock.sleep(pauseMs, signal)
    const found = (await listed(api, sought, signal)).find(
      (upid) => !known.has(upid) && isSought(upid, sought, api.user),
    )
    if (found !== undefined) return found
  }
  return null
}

async function listed(api: Api, { node, vmid, sinceS }: SoughtTask, signal: AbortSignal): Promise<string[]> {
  const since = Math.max(0, Math.floor(sinceS) - slackS)
  const { data } =
    node === null
      ? await api.call(listClusterTasks, {}, signal)
      : await api.call(
          listTasks,
          { node, source: 'all', since, limit: 200, ...(vmid === null ? {} : { vmid }) },
          signal,
        )
  return data.map(({ upid }) => upid)
}

function isSought(upid: string, { types, vmid, sinceS }: SoughtTask, user: string): boolean {
  if (!upidSchema.safeParse(upid).success) return false
  const task = readUpid(upid)
  const isOfVm = vmid === null || task.id === String(vmid)
  return types.includes(task.type) && isOfVm && task.user === user && task.startedS >= sinceS - slackS
}
