import { createPool, deletePool, listPools } from '../endpoints/pools.ts'
import type { PoolHost } from '../../../../ports/provisioning.ts'
import { waitingForLocks } from '../tasks/lock-wait.ts'
import { surelyDone } from '../tasks/synchronous.ts'
import type { Api } from '../transport/api.ts'
import { failure, isKind } from '../transport/error.ts'

/** Pools. Creating one is the lab's lock: an existing one is a refusal of kind `pool-taken`. */
export function poolHostOf(api: Api, lockLimitMs: number): PoolHost {
  const all = async (signal: AbortSignal) => (await api.call(listPools, {}, signal)).data
  const one = async (id: string, signal: AbortSignal) => (await all(signal)).find(({ poolid }) => poolid === id)
  const patiently = (work: () => Promise<unknown>, signal: AbortSignal) =>
    waitingForLocks(api, lockLimitMs, work, signal)
  return {
    async pool(id, signal) {
      const listed = await one(id, signal)
      return listed === undefined ? null : await detailsOf(api, id, signal)
    },
    pools: async (signal) => (await all(signal)).map(({ poolid, comment }) => ({ id: poolid, comment: comment ?? '' })),
    async createPool(id, comment, signal) {
      const send = () => api.call(createPool, { poolid: id, comment }, signal)
      // A comment that names its owner tells our pool from that of somebody who was faster.
      const isDone = async () => (await one(id, signal))?.comment === comment
      await patiently(() => surelyDone(api, send, isDone, signal), signal)
    },
    async removePool(id, signal) {
      const send = () => api.call(deletePool, { poolid: id }, signal)
      const isDone = async () => (await one(id, signal)) === undefined
      await patiently(() => surelyDone(api, send, isDone, signal), signal).catch(async (thrown: unknown) => {
        if (!isKind(thrown, 'pool-missing')) throw thrown
      })
    },
  }
}

async function detailsOf(api: Api, id: string, signal: AbortSignal) {
  try {
    const { data } = await api.call(listPools, { poolid: id }, signal)
    const pool = data.find(({ poolid }) => poolid === id)
    if (pool === undefined) throw failure(`expected pool ${id}, came another`)
    const vmids = (pool.members ?? []).flatMap(({ vmid }) => (vmid === undefined ? [] : [vmid]))
    return { comment: pool.comment ?? '', vmids }
  } catch (thrown) {
    if (isKind(thrown, 'pool-missing')) return null
    throw thrown
  }
}
