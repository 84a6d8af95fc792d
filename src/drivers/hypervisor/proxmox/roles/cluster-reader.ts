import { readPermissions } from '../endpoints/access.ts'
import { listNetworks, listNodes, readClusterStatus, readVersion } from '../endpoints/cluster.ts'
import { readStatus } from '../endpoints/power.ts'
import { readConfig, settingsOf } from '../endpoints/vms.ts'
import type { ClusterReader, PrivilegeReader } from '../../../../ports/provisioning.ts'
import type { Api } from '../transport/api.ts'
import { failure } from '../transport/error.ts'
import type { Vms } from '../vms.ts'

/** What the caller may do. A privilege is granted whether or not it propagates. */
export function privilegeReaderOf(api: Api): PrivilegeReader {
  return {
    async permissions(signal) {
      const { data } = await api.call(readPermissions, {}, signal)
      return Object.fromEntries(Object.entries(data).map(([path, privileges]) => [path, Object.keys(privileges)]))
    },
  }
}

/** The cluster, or the node that stands alone. */
export function clusterReaderOf(vms: Vms): ClusterReader {
  const { api } = vms
  return {
    release: async (signal) => await releaseOf(api, signal),
    async nodes(signal) {
      const { data } = await api.call(listNodes, {}, signal)
      const { data: members } = await api.call(readClusterStatus, {}, signal)
      return data.map(({ node, status }) => {
        const address = members.find(({ type, name }) => type === 'node' && name === node)?.ip
        return { node, online: status === 'online', ...(address !== undefined && { address }) }
      })
    },
    cluster: async (signal) => await clusterOf(api, signal),
    async bridges(node, signal) {
      const { data } = await api.call(listNetworks, { node }, signal)
      const bridges = data.filter(({ type }) => type === 'bridge' || type === 'OVSBridge')
      return bridges.map(({ iface, active }) => ({ name: iface, active }))
    },
    async protection(vmid, signal) {
      const { data: status } = await vms.at(vmid, (node) => api.call(readStatus, { node, vmid }, signal), signal)
      const { data: config } = await vms.at(vmid, (node) => api.call(readConfig, { node, vmid }, signal), signal)
      return { haManaged: status.ha?.managed ?? false, isProtected: settingsOf(config)['protection'] === '1' }
    },
  }
}

/** Release of the server, like 9.1. */
export async function releaseOf(api: Api, signal: AbortSignal) {
  const { version } = (await api.call(readVersion, {}, signal)).data
  const [major, minor] = version.split('.', 2).map((part) => Number.parseInt(part, 10))
  return { major: major ?? 0, minor: minor ?? 0, text: version }
}

/** Without a cluster there is no quorum to lose. */
async function clusterOf(api: Api, signal: AbortSignal) {
  const { data } = await api.call(readClusterStatus, {}, signal)
  const cluster = data.find(({ type }) => type === 'cluster')
  if (cluster !== undefined) return { name: cluster.name, quorate: cluster.quorate }
  const node = data.find(({ local }) => local) ?? data[0]
  if (node === undefined) throw failure('GET /cluster/status: expected a cluster or a node, came neither')
  return { name: node.name, quorate: true }
}
