import type { SdnVnet, SdnZone, VmSummary } from '../../ports/provisioning.ts'

/** What a cluster is made of; comparing two of these tells whether anything was left. */
export interface ClusterState {
  pools: Map<string, string>
  vms: Map<number, VmSummary & { settings: Record<string, string> }>
  zones: Map<string, SdnZone>
  vnets: Map<string, SdnVnet>
  volumes: Set<string>
}

const templates = ['fake-isp', 'client', 'target', 'opnsense-25-7']
/** What belongs to others, and the templates. */
export function clusterState(): ClusterState {
  const state: ClusterState = {
    pools: new Map([['production', '']]),
    vms: new Map(),
    zones: new Map([['prod', { zone: 'prod', bridge: 'vmbr1' }]]),
    vnets: new Map([['prod1', { vnet: 'prod1', zone: 'prod', tag: 1, alias: 'production' }]]),
    volumes: new Set(['local:iso/debian.iso', 'local:iso/firedrill-notes.iso']),
  }
  templates.forEach((image, index) => addVm(state, 9001 + index, `firedrill-${image}`, { isTemplate: true }))
  addVm(state, 100, 'mail', { pool: 'production' })
  return state
}

/** Everything in a cluster, as plain data. */
export const snapshotOf = ({ pools, vms, zones, vnets, volumes }: ClusterState): unknown =>
  structuredClone({
    pools: [...pools].toSorted(([a], [b]) => a.localeCompare(b)),
    vms: [...vms.values()].toSorted((a, b) => a.vmid - b.vmid),
    zones: [...zones.values()],
    vnets: [...vnets.values()].toSorted((a, b) => a.vnet.localeCompare(b.vnet)),
    volumes: [...volumes].toSorted(),
  })

export function addVm(state: ClusterState, vmid: number, name: string, more: Partial<VmSummary> = {}): void {
  const plain = { node: 'pve1', tags: [], pool: null, isTemplate: false, status: 'stopped' as const }
  state.vms.set(vmid, { vmid, name, ...plain, settings: {}, ...more })
}
