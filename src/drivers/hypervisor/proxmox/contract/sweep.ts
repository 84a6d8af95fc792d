import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { reasonOf } from '../../../../model/failure.ts'
import { type Bench, own } from './bench.ts'
import { outcomeOf } from './expectation.ts'
import { type Options } from './options.ts'
import { type Leftover, ownVms } from './preflight.ts'

/** Removes everything of the suite, whatever state it is in. Goes on after a failure; returns what it could not remove. */
export async function sweep(bench: Bench, options: Options): Promise<string[]> {
  const left: string[] = []
  const steps: [what: string, step: () => Promise<void>][] = [
    ['the SDN lock', () => dropEdits(bench)],
    ['VMs', () => removeVms(bench, options)],
    ['the ISO image', () => removeIso(bench)],
    ['the networks', () => removeNetworks(bench)],
    ['the pool', () => bench.driver.pools.removePool(own.pool, bench.signal)],
  ]
  for (const [what, step] of steps) {
    await step().catch((thrown: unknown) => void left.push(`${what}: ${reasonOf(thrown)}`))
  }
  return left
}

/** Edits under our own lock are dropped, never applied. */
async function dropEdits({ call, sdnLock }: Bench): Promise<void> {
  if (sdnLock.token === null) return
  const lock = { 'lock-token': sdnLock.token }
  const rollback = await call('POST', '/cluster/sdn/rollback', { ...lock, 'release-lock': 1 })
  if (rollback.status !== 200) await call('DELETE', '/cluster/sdn/lock', lock)
  sdnLock.token = null
}

/** A clone goes before its template, hence downwards. */
async function removeVms(bench: Bench, options: Options): Promise<void> {
  await endOfTasks(bench)
  const found = (await ownVms(bench.call, options)).toSorted((a, b) => b.vmid - a.vmid)
  const failures: string[] = []
  for (const vm of found) {
    const outcome = await removeVm(bench, vm)
    if (outcome !== 'OK') failures.push(`${vm.vmid} (${vm.name}): ${outcome}`)
  }
  if (failures.length > 0) throw new Error(failures.join('; '))
}

async function removeVm({ call, signal }: Bench, { vmid, node }: Leftover): Promise<string> {
  const path = `/nodes/${node}/qemu/${vmid}`
  await outcomeOf(call, signal, await call('POST', `${path}/status/stop`, { 'overrule-shutdown': 1 }))
  await call('PUT', `${path}/config`, { protection: 0 })
  const outcome = await outcomeOf(call, signal, await call('DELETE', path, { purge: 1 }))
  return /does not exist/.test(outcome) ? 'OK' : outcome
}

/** An interrupted case leaves its task running: its VM may only be appearing. */
async function endOfTasks({ call, node, vmids, signal }: Bench): Promise<void> {
  const schema = z.array(z.object({ id: z.string() })).catch([])
  const ours = new Set(Object.values(vmids).map(String))
  for (let round = 0; round < 40; round += 1) {
    const active = schema.parse((await call('GET', `/nodes/${node}/tasks`, { source: 'active' })).data)
    if (!active.some(({ id }) => ours.has(id))) return
    await sleep(500, undefined, { signal })
  }
}

async function removeIso({ driver, storage, signal }: Bench): Promise<void> {
  if (storage?.content.includes('iso') === true)
    await driver.isos.removeVolume(`${storage.name}:iso/${own.iso}`, signal)
}

async function removeNetworks({ driver, signal }: Bench): Promise<void> {
  const zones = (await driver.sdn.zones(signal)).filter(({ zone }) => zone === own.zone)
  const vnets = (await driver.sdn.vnets(signal)).filter(({ zone }) => zone === own.zone).map(({ vnet }) => vnet)
  if (zones.length + vnets.length > 0) await driver.sdn.remove({ zone: own.zone, vnets }, signal)
}
