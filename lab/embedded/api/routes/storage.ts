import { totalmem, freemem } from 'node:os'
import { hardwareOf, nodeOf, type Cluster } from '../../cluster.ts'
import { checksum, deleteVolume, listVolumes, storageContent, storageId, storeFile } from '../../storage/volumes.ts'
import { choice, flag, integer, named, nodeName, text } from '../parameter.ts'
import { assertPrivilege, hasPrivilege } from '../permission.ts'
import { parameterRefusal } from '../reply.ts'
import { route } from '../route.ts'

const storage = () => named(/^[a-zA-Z][\w.-]*[a-zA-Z0-9]$/, 'storage ID')
const here = { node: nodeName(), storage: storage() }
const readers = { path: '/storage/{storage}', privileges: ['Datastore.Audit', 'Datastore.AllocateSpace'], any: true }
const kinds = [
  'dir',
  'btrfs',
  'cephfs',
  'cifs',
  'esxi',
  'iscsi',
  'iscsidirect',
  'lvm',
  'lvmthin',
  'nfs',
  'pbs',
  'rbd',
  'zfs',
  'zfspool',
] as const

/** Endpoints about the one storage, a directory of each node. */
export const storageRoutes = [
  route({
    method: 'GET',
    path: '/storage',
    parameters: { type: choice(...kinds).optional() },
    answer: ({ cluster, caller, parameters }) => {
      const isSeen = hasPrivilege(cluster, caller, `/storage/${storageId}`, 'Datastore.Audit')
      if (!isSeen || (parameters.type ?? 'dir') !== 'dir') return []
      return [
        {
          storage: storageId,
          type: 'dir',
          path: '/var/lib/vz',
          content: storageContent.join(','),
          digest: '0'.repeat(40),
        },
      ]
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/storage',
    parameters: {
      node: nodeName(),
      content: text().optional(),
      enabled: flag().optional(),
      format: flag().optional(),
      storage: storage().optional(),
      target: nodeName().optional(),
    },
    isProtected: true,
    answer: ({ cluster, caller, parameters }) => {
      nodeOf(cluster, parameters.node)
      if (parameters.storage !== undefined) assertStorage(parameters.storage)
      const isFit = parameters.content === undefined || storageContent.some((each) => each === parameters.content)
      const isSeen = hasPrivilege(cluster, caller, `/storage/${storageId}`, 'Datastore.Audit')
      return isFit && isSeen ? [{ storage: storageId, ...state() }] : []
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/storage/{storage}/status',
    parameters: here,
    isProtected: true,
    check: readers,
    answer: ({ cluster, parameters }) => {
      nodeOf(cluster, parameters.node)
      assertStorage(parameters.storage)
      return state()
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/storage/{storage}/content',
    parameters: { ...here, content: text().optional(), vmid: integer(100).optional() },
    isProtected: true,
    check: readers,
    answer: async ({ cluster, parameters }) => {
      const found = await volumesOf(cluster, parameters)
      const { content, vmid } = parameters
      return found.filter((each) => (content ?? each.content) === each.content && (vmid ?? each.vmid) === each.vmid)
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/storage/{storage}/content/{volume}',
    parameters: { node: nodeName(), storage: storage().optional(), volume: text() },
    isProtected: true,
    answer: async ({ cluster, caller, parameters }) => {
      assertPrivilege(cluster, caller, `/storage/${storageId}`, ['Datastore.Audit', 'Datastore.AllocateSpace'], true)
      const volid = fullId(parameters.volume)
      const found = (await volumesOf(cluster, parameters)).find((each) => each.volid === volid)
      if (!found) throw new Error(`volume_size_info on '${volid}' failed`)
      return {
        format: found.format,
        size: found.size,
        used: found.size,
        path: `/var/lib/vz/template/${parameters.volume}`,
      }
    },
  }),
  route({
    method: 'DELETE',
    path: '/nodes/{node}/storage/{storage}/content/{volume}',
    parameters: { node: nodeName(), storage: storage().optional(), volume: text(), delay: integer(1, 30).optional() },
    isProtected: true,
    answer: ({ cluster, caller, user, parameters }) => {
      const { node: name, volume } = parameters
      const needed = /iso\/|vztmpl\/|import\//.test(volume) ? 'Datastore.AllocateTemplate' : 'Datastore.Allocate'
      assertPrivilege(cluster, caller, `/storage/${storageId}`, [needed])
      const node = nodeOf(cluster, name)
      assertStorage(parameters.storage ?? storageId)
      const start = { node: name, type: 'imgdel', id: storageId, user }
      return cluster.tasks.begin(start, 100, () => deleteVolume(node.hardware, fullId(volume))).upid
    },
  }),
  route({
    method: 'POST',
    path: '/nodes/{node}/storage/{storage}/upload',
    parameters: {
      ...here,
      checksum: text().optional(),
      'checksum-algorithm': choice('md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512').optional(),
      content: choice('iso', 'vztmpl', 'import'),
      filename: text(255),
      tmpfilename: text().optional(),
    },
    isProtected: true,
    isUpload: true,
    check: { path: '/storage/{storage}', privileges: ['Datastore.AllocateTemplate'] },
    answer: ({ cluster, user, parameters, file }) => {
      const { node: name, content, checksum: expected, 'checksum-algorithm': algorithm } = parameters
      const node = nodeOf(cluster, name)
      assertStorage(parameters.storage)
      if (file === undefined) throw new Error('missing temporary file name')
      const fileName = parameters.filename.replace(/^.*[/\\]/, '').replace(/[^-a-zA-Z0-9_.]/g, '_')
      if (content === 'iso' && !/\.(iso|img)$/i.test(fileName))
        throw parameterRefusal({ filename: 'wrong file extension' })
      if (expected !== undefined && algorithm === undefined) {
        throw parameterRefusal({ 'checksum-algorithm': `missing property - 'checksum' requires this property` })
      }
      return cluster.tasks.begin({ node: name, type: 'imgcopy', id: '', user }, 100, async (job) => {
        job.log(`target file: /var/lib/vz/template/${content}/${fileName}`)
        if (expected !== undefined && algorithm !== undefined) {
          const got = checksum(algorithm, file)
          if (got !== expected.toLowerCase()) throw new Error(`checksum mismatch: got '${got}' != expect '${expected}'`)
        }
        await storeFile(node.hardware, content, fileName, file)
      }).upid
    },
  }),
]

function assertStorage(name: string): void {
  if (name !== storageId) throw new Error(`storage '${name}' does not exist`)
}

function volumesOf(cluster: Cluster, { node, storage: name }: { node: string; storage?: string | undefined }) {
  nodeOf(cluster, node)
  assertStorage(name ?? storageId)
  const vms = [...cluster.vms.values()].filter((vm) => vm.node === node)
  const [first] = vms
  return listVolumes(first ? hardwareOf(cluster, first) : nodeOf(cluster, node).hardware, vms)
}

function fullId(volume: string): string {
  return volume.includes(':') ? volume : `${storageId}:${volume}`
}

// What the disks lie in is the host's memory.
function state(): Record<string, unknown> {
  const [total, avail] = [totalmem(), freemem()]
  return {
    type: 'dir',
    content: storageContent.join(','),
    active: 1,
    enabled: 1,
    shared: 0,
    total,
    avail,
    used: total - avail,
    used_fraction: (total - avail) / total,
  }
}
