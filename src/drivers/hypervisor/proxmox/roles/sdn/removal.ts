import type { SdnRemoval } from '../../../../../ports/provisioning.ts'
import { deleteVnet, deleteZone } from '../../endpoints/sdn.ts'
import { settledState } from './settled.ts'
import { type SdnState, readState, refuseForeignEdits } from './state.ts'
import { type Tools, type Transaction, transact } from './transaction.ts'

interface Names {
  zone: string
  vnets: string[]
}

/** Removes vnets, applies, removes their zone, applies. Our own edits that a lost run left pending go with them. */
export async function removeNetworks(
  tools: Tools,
  names: Names,
  signal: AbortSignal,
  { breakLock = false }: SdnRemoval = {},
): Promise<void> {
  const state = await settledState(tools, (id) => isOurs(names, id), signal)
  if (!isAnyLeft(names, state) && !breakLock) return
  await transact(tools, { state, breakLock, signal }, async (transaction) => {
    const locked = await readState(tools.api, signal)
    refuseForeignEdits(locked, (id) => isOurs(names, id))
    await removeVnets(tools, transaction, names, locked, signal)
    await removeZone(tools, transaction, names, locked, signal)
  })
}

const isOurs = ({ zone, vnets }: Names, id: string) => id === zone || vnets.includes(id)

const isAnyLeft = (names: Names, { zones, vnets }: SdnState) =>
  zones.some(({ zone }) => isOurs(names, zone)) || vnets.some(({ vnet }) => isOurs(names, vnet))

async function removeVnets(tools: Tools, transaction: Transaction, names: Names, state: SdnState, signal: AbortSignal) {
  const { token, edit, apply } = transaction
  const ours = state.vnets.filter(({ vnet }) => names.vnets.includes(vnet))
  for (const { vnet, isDeleted } of ours) {
    if (isDeleted) continue
    const isGone = async () =>
      !(await readState(tools.api, signal)).vnets.some((one) => one.vnet === vnet && !one.isDeleted)
    await edit(() => tools.api.call(deleteVnet, { ...token, vnet }, signal), isGone)
  }
  if (ours.length > 0) await apply({ isLast: false })
}

async function removeZone(tools: Tools, transaction: Transaction, names: Names, state: SdnState, signal: AbortSignal) {
  const { token, edit, apply } = transaction
  const { zone } = names
  const ours = state.zones.find((one) => one.zone === zone)
  if (ours === undefined) return
  const isGone = async () =>
    !(await readState(tools.api, signal)).zones.some((one) => one.zone === zone && !one.isDeleted)
  if (!ours.isDeleted) await edit(() => tools.api.call(deleteZone, { ...token, zone }, signal), isGone)
  await apply({ isLast: true })
}
