import { listNodes } from '../../endpoints/cluster.ts'
import { listNodeVnets, listNodeZones } from '../../endpoints/sdn.ts'
import type { Api } from '../../transport/api.ts'
import { failure } from '../../transport/error.ts'

interface Wanted {
  zone: string
  vnets: readonly string[]
  /** Where it must be; on all nodes that are online where absent. */
  nodes?: readonly string[]
}

const patienceMs = 15_000
const pollMs = 250

/** Each node's own word that it has the networks: the task of an apply ends OK even where every node failed. Waits a while for nodes that still work on it. */
export async function verifyApplied(api: Api, wanted: Wanted, signal: AbortSignal): Promise<void> {
  for (const node of wanted.nodes ?? (await onlineNodes(api, signal))) await verifyOn(api, node, wanted, signal)
}

async function onlineNodes(api: Api, signal: AbortSignal): Promise<string[]> {
  const { data } = await api.call(listNodes, {}, signal)
  return data.filter(({ status }) => status === 'online').map(({ node }) => node)
}

async function verifyOn(api: Api, node: string, wanted: Wanted, signal: AbortSignal): Promise<void> {
  const started = api.clock.nowMs()
  for (;;) {
    const { problem, isFinal } = await problemOn(api, node, wanted, signal)
    if (problem === null) return
    if (isFinal || api.clock.nowMs() - started > patienceMs) {
      throw failure(`the SDN was applied, but node ${node} has not taken it over: ${problem}`, {
        kind: 'bridge-missing',
        hint: `does the bridge of the target file exist on ${node}? The task srvreload in its task list has the details`,
      })
    }
    await api.clock.sleep(pollMs, signal)
  }
}

interface Finding {
  problem: string | null
  /** False: it may still come right by itself. */
  isFinal: boolean
}

async function problemOn(api: Api, node: string, { zone, vnets }: Wanted, signal: AbortSignal): Promise<Finding> {
  const zones = (await api.call(listNodeZones, { node }, signal)).data
  const state = zones.find((one) => one.zone === zone)
  if (state === undefined) return { problem: `zone ${zone} is not there`, isFinal: false }
  if (state.status === 'pending') return { problem: `zone ${zone} is pending`, isFinal: false }
  const content = (await api.call(listNodeVnets, { node, zone }, signal)).data
  for (const vnet of vnets) {
    const found = content.find((one) => one.vnet === vnet)
    if (found === undefined) return { problem: `vnet ${vnet} is not there`, isFinal: false }
    const { status = 'available', statusmsg = '' } = found
    if (status !== 'available') return { problem: `vnet ${vnet}: ${statusmsg || status}`, isFinal: status === 'error' }
  }
  return { problem: state.status === 'error' ? `zone ${zone} reports an error` : null, isFinal: true }
}
