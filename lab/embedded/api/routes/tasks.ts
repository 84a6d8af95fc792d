import type { Caller } from '../../access/access.ts'
import { nodeOf, type Cluster } from '../../cluster.ts'
import type { Task } from '../../tasks.ts'
import { choice, flag, integer, nodeName, text, vmid } from '../parameter.ts'
import { assertPrivilege, hasPrivilege } from '../permission.ts'
import { parameterRefusal } from '../reply.ts'
import { route } from '../route.ts'

/** Endpoints about background jobs. */
export const taskRoutes = [
  route({
    method: 'GET',
    path: '/nodes/{node}/tasks',
    parameters: {
      node: nodeName(),
      errors: flag().optional(),
      limit: integer(0).optional(),
      since: integer().optional(),
      source: choice('archive', 'active', 'all').optional(),
      start: integer(0).optional(),
      statusfilter: text().optional(),
      typefilter: text().optional(),
      until: integer().optional(),
      userfilter: text().optional(),
      vmid: vmid().optional(),
    },
    answer: ({ cluster, caller, parameters }) => {
      nodeOf(cluster, parameters.node)
      const { start = 0, limit = 50 } = parameters
      const own = visibleTasks(cluster, caller).filter(({ node }) => node === parameters.node)
      const found = own.filter((task) => matches(task, parameters))
      return found.slice(start, start + limit).map(taskSummary)
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/tasks/{upid}/status',
    parameters: { node: nodeName(), upid: text() },
    isProtected: true,
    answer: ({ cluster, caller, parameters }) => {
      const task = findTask(cluster, caller, parameters)
      const status = task.exitStatus === undefined ? 'running' : 'stopped'
      return { ...identity(task), status, ...(task.exitStatus !== undefined && { exitstatus: task.exitStatus }) }
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/tasks/{upid}/log',
    parameters: {
      node: nodeName(),
      upid: text(),
      start: integer(0).optional(),
      limit: integer(0).optional(),
      download: flag().optional(),
    },
    isProtected: true,
    answer: ({ cluster, caller, parameters }) => {
      const { log } = findTask(cluster, caller, parameters)
      const { start = 0, limit = 50 } = parameters
      if (log.length === 0) return [{ n: 1, t: 'no content' }]
      const numbered = log.map((line, index) => ({ n: index + 1, t: line }))
      return numbered.slice(start, limit === 0 ? undefined : start + limit)
    },
  }),
  route({
    method: 'DELETE',
    path: '/nodes/{node}/tasks/{upid}',
    parameters: { node: nodeName(), upid: text() },
    isProtected: true,
    answer: ({ cluster, caller, parameters }) => {
      const task = findTask(cluster, caller, parameters)
      if (!isOwner(caller, task)) assertPrivilege(cluster, caller, `/nodes/${task.node}`, ['Sys.Modify'])
      cluster.tasks.interrupt(task)
      return null
    },
  }),
]

/** The tasks that a caller may see, newest first: his own and his tokens', all with the right to look at the node. */
export function visibleTasks(cluster: Cluster, caller: Caller): Task[] {
  return cluster.tasks
    .list()
    .filter((task) => isOwner(caller, task) || hasPrivilege(cluster, caller, `/nodes/${task.node}`, 'Sys.Audit'))
}

function isOwner({ id }: Caller, { user }: Task): boolean {
  return user === id || user.startsWith(`${id}!`)
}

/** A task as the lists show it: `status` is the exit status, or `RUNNING`. */
export function taskSummary(task: Task): Record<string, unknown> {
  const end = task.endTime === undefined ? {} : { endtime: task.endTime }
  return { ...identity(task), ...end, status: task.exitStatus ?? 'RUNNING' }
}

function identity({ upid, node, pid, pstart, startTime, type, id, user }: Task): Record<string, unknown> {
  return { upid, node, pid, pstart, starttime: startTime, type, id, user }
}

function findTask(cluster: Cluster, caller: Caller, { node, upid }: { node: string; upid: string }): Task {
  nodeOf(cluster, node)
  if (!/^UPID:[^:]+(:[0-9A-F]{8,9}){3}:[^:]+:[^:]*:[^:]+:$/.test(upid)) {
    throw parameterRefusal({ upid: `unable to parse worker upid '${upid}'` })
  }
  const task = cluster.tasks.find(upid)
  if (!task) throw new Error('no such task')
  if (!isOwner(caller, task)) assertPrivilege(cluster, caller, `/nodes/${task.node}`, ['Sys.Audit'])
  return task
}

type Filter = {
  source?: string | undefined
  vmid?: number | undefined
  typefilter?: string | undefined
  userfilter?: string | undefined
  since?: number | undefined
  until?: number | undefined
  errors?: boolean | undefined
}

// By default only finished tasks are listed.
function matches(task: Task, { source = 'archive', ...filter }: Filter): boolean {
  const isRunning = task.exitStatus === undefined
  return [
    source === 'all' || isRunning === (source === 'active'),
    filter.vmid === undefined || task.id === String(filter.vmid),
    filter.typefilter === undefined || task.type === filter.typefilter,
    filter.userfilter === undefined || task.user.includes(filter.userfilter),
    filter.since === undefined || task.startTime >= filter.since,
    filter.until === undefined || task.startTime <= filter.until,
    !filter.errors || (!isRunning && task.exitStatus !== 'OK'),
  ].every(Boolean)
}
