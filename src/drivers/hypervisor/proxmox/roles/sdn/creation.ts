import type { SdnVnet, SdnZone } from '../../../../../ports/provisioning.ts'
import { createVnet, createZone } from '../../endpoints/sdn.ts'
import { failure } from '../../transport/error.ts'
import { verifyApplied } from './applied.ts'
import { removeNetworks } from './removal.ts'
import { settledState } from './settled.ts'
import { type SdnState, readState } from './state.ts'
import { type Tools, type Transaction, transact } from './transaction.ts'

interface Networks {
  zone: SdnZone
  vnets: SdnVnet[]
}

const undoLimitMs = 180_000

/** Creates a zone and its vnets, applies them, and has every node confirm them. What was made is removed again when any of it fails. */
export async function createNetworks(tools: Tools, networks: Networks, signal: AbortSignal): Promise<void> {
  const state = await settledState(tools, () => false, signal)
  refuseTaken(state, networks)
  const { zone, vnets } = networks
  const made: { zone: string; vnets: string[] } = { zone: zone.zone, vnets: [] }
  const progress = { hasBegun: false }
  try {
    await transact(tools, { state, signal }, async (transaction) => {
      refuseTaken(await readState(tools.api, signal), networks)
      progress.hasBegun = true
      await addZone(tools, transaction, zone, signal)
      for (const vnet of vnets) {
        made.vnets.push(vnet.vnet)
        await addVnet(tools, transaction, vnet, signal)
      }
      await transaction.apply({ isLast: true })
    })
    const where = zone.nodes === undefined ? {} : { nodes: zone.nodes }
    await verifyApplied(tools.api, { zone: zone.zone, vnets: made.vnets, ...where }, signal)
  } catch (thrown) {
    // Outlives an abort, which may be what it is for; the teardown says what is still left.
    if (progress.hasBegun) await removeNetworks(tools, made, AbortSignal.timeout(undoLimitMs)).catch(() => undefined)
    throw thrown
  }
}

/** What exists already is somebody's, be it another run of ours. */
function refuseTaken(state: SdnState, { zone, vnets }: Networks): void {
  const wanted = new Set(vnets.map(({ vnet }) => vnet))
  const taken = [
    ...state.zones.filter((one) => one.zone === zone.zone).map((one) => `zone ${one.zone}`),
    ...state.vnets.filter(({ vnet }) => wanted.has(vnet)).map(({ vnet, alias }) => `vnet ${vnet} (${alias})`),
  ]
  if (taken.length === 0) return
  throw failure(`expected free names for the networks of the lab, came ${taken.join(', ')} already there`, {
    hint: 'use another --instance, or tear down the lab that has them',
  })
}

async function addZone({ api }: Tools, { token, edit }: Transaction, zone: SdnZone, signal: AbortSignal) {
  const { zone: id, nodes } = zone
  const carrier =
    'peers' in zone
      ? ({ type: 'vxlan', peers: zone.peers.join(',') } as const)
      : ({ type: 'vlan', bridge: zone.bridge } as const)
  const limited = nodes === undefined ? {} : { nodes: nodes.join(',') }
  const send = () => api.call(createZone, { ...token, zone: id, ...carrier, ...limited }, signal)
  await edit(send, async () => (await readState(api, signal)).zones.some((one) => one.zone === zone.zone))
}

async function addVnet({ api }: Tools, { token, edit }: Transaction, vnet: SdnVnet, signal: AbortSignal) {
  const send = () => api.call(createVnet, { ...token, ...vnet }, signal)
  await edit(send, async () => (await readState(api, signal)).vnets.some((one) => one.vnet === vnet.vnet))
}
