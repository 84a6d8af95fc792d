import { assertWritable, type Cluster } from '../../cluster.ts'
import { choice, flag, integer, named, text } from '../parameter.ts'
import { route } from '../route.ts'

const audit = { path: '/', privileges: ['Sys.Audit'] }
const edit = { path: '/', privileges: ['Sys.Console'] }
const sid = () =>
  named(/^(vm:|ct:)?[1-9]\d{2,8}$/, 'HA resource ID').transform((value) =>
    value.includes(':') ? value : `vm:${value}`,
  )
const settings = {
  comment: text().optional(),
  failback: flag().optional(),
  group: text().optional(),
  max_relocate: integer(0).optional(),
  max_restart: integer(0).optional(),
  state: choice('started', 'stopped', 'enabled', 'disabled', 'ignored').optional(),
}

/** Endpoints about HA resources: enough for what a managed VM refuses and does differently. */
export const haRoutes = [
  route({
    method: 'GET',
    path: '/cluster/ha/resources',
    parameters: { type: choice('ct', 'vm').optional() },
    check: audit,
    answer: ({ cluster }) => [...cluster.ha.values()].map((resource) => ({ ...resource, type: 'vm' })),
  }),
  route({
    method: 'POST',
    path: '/cluster/ha/resources',
    parameters: { ...settings, sid: sid(), type: choice('ct', 'vm').optional() },
    isProtected: true,
    check: edit,
    answer: ({ cluster, parameters }) => {
      const { state = 'started', comment } = parameters
      assertWritable(cluster, 'ha/resources.cfg')
      if (cluster.ha.has(parameters.sid)) throw new Error(`resource ID '${parameters.sid}' already defined`)
      assertVm(cluster, parameters.sid)
      cluster.ha.set(parameters.sid, { sid: parameters.sid, state, ...(comment !== undefined && { comment }) })
      return null
    },
  }),
  route({
    method: 'GET',
    path: '/cluster/ha/resources/{sid}',
    parameters: { sid: sid() },
    check: audit,
    answer: ({ cluster, parameters }) => ({ ...find(cluster, parameters.sid), type: 'vm', digest: '0'.repeat(40) }),
  }),
  route({
    method: 'PUT',
    path: '/cluster/ha/resources/{sid}',
    parameters: { ...settings, delete: text().optional(), digest: text().optional(), sid: sid() },
    isProtected: true,
    check: edit,
    answer: ({ cluster, parameters }) => {
      assertWritable(cluster, 'ha/resources.cfg')
      const found = find(cluster, parameters.sid)
      if (parameters.state !== undefined) found.state = parameters.state
      if (parameters.comment !== undefined) found.comment = parameters.comment
      return null
    },
  }),
  route({
    method: 'DELETE',
    path: '/cluster/ha/resources/{sid}',
    parameters: { purge: flag().optional(), sid: sid() },
    isProtected: true,
    check: edit,
    answer: ({ cluster, parameters }) => {
      assertWritable(cluster, 'ha/resources.cfg')
      find(cluster, parameters.sid)
      cluster.ha.delete(parameters.sid)
      return null
    },
  }),
]

function find(cluster: Cluster, id: string) {
  const found = cluster.ha.get(id)
  if (!found) throw new Error(`cannot get resource '${id}': no such resource`)
  return found
}

function assertVm({ vms }: Cluster, id: string): void {
  if (!vms.has(Number(id.slice(3)))) throw new Error(`unable to add resource ${id}: VM does not exist`)
}
