import type { Cluster } from '../../cluster.ts'

/** Refuses a node that the cluster does not have, in the words of a failed name lookup. */
export function assertNode(cluster: Cluster, node: string): void {
  if (node === cluster.node) return
  throw new Error(
    `hostname lookup '${node}' failed - failed to get address info for: ${node}: Name or service not known`,
  )
}
