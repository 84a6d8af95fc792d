import { setTimeout as sleep } from 'node:timers/promises'
import type { ApplianceConfig } from '../config.ts'
import { type Carp, stateOf } from '../carp/start-carp.ts'
import { withTexts, without } from '../configuration/xml-edit.ts'
import { bare } from '../net/address.ts'
import type { Pfsync } from '../pfsync/start-pfsync.ts'
import type { CarpControl, CarpStatus, CarpVip } from './carp-control.ts'
import type { ConfigStore } from './control.ts'

const flag = 'virtualip_carp_maintenancemode'
const demotionOfMaintenance = 240
const skewOfMaintenance = 254
/** pfSense takes a second for each address that comes or goes. */
const pfsensePauseMs = 1000
const longestSyncMs = 30_000
const pollMs = 100

/** What CARP's switches act on. */
export type CarpParts = {
  config: ApplianceConfig
  carp: Carp
  pfsync: Pfsync | undefined
  store: ConfigStore
  pauseMs?: number
}

/** CARP's switches as either product has them. */
export function createCarpControl(parts: CarpParts): CarpControl {
  const { config, carp, store } = parts
  const isPfsense = config.flavour === 'pfsense'
  const maintenance = isPfsense ? bySkew(parts) : byDemotion(parts)
  return {
    status: () => readStatus(parts),
    enterMaintenance: async () => {
      if (!isPfsense && isFlagged(store)) return
      await store.change((root) => withTexts(root, { [flag]: '1' }), 'enter CARP maintenance mode')
      maintenance(true)
      // Somebody else writes the copy of the file that they had read before.
      if (config.defects.includes('lost-maintenance-flag')) await forgetFlag(store, 'saved configuration')
    },
    leaveMaintenance: async () => {
      if (!isPfsense && !isFlagged(store)) return
      await forgetFlag(store, 'leave CARP maintenance mode')
      maintenance(false)
    },
    disable: () => disable(parts),
    enable: () => enable(parts),
    force: (device, vhid, state) => carp.speaker.apply({ kind: 'request', device, vhid, state }),
  }
}

/** What the maintenance flag does at boot, before the first VHID is attached. */
export function restoreMaintenance(parts: Pick<CarpParts, 'config' | 'carp' | 'store'>): void {
  if (!isFlagged(parts.store)) return
  const { speaker } = parts.carp
  if (parts.config.flavour === 'opnsense') {
    speaker.apply({ kind: 'demote', by: demotionOfMaintenance, reason: 'sysctl' })
  }
}

/** A VHID as it is put on its NIC: on pfSense maintenance is a skew. */
export function attachVhids({ config, carp, store }: Pick<CarpParts, 'config' | 'carp' | 'store'>): void {
  const isHeldBack = config.flavour === 'pfsense' && isFlagged(store)
  for (const vhid of carp.vhids) carp.attach(isHeldBack ? { ...vhid, advskew: skewOfMaintenance } : vhid)
}

function isFlagged(store: ConfigStore): boolean {
  try {
    return store.read().children.some(({ name }) => name === flag)
  } catch {
    return false
  }
}

function forgetFlag(store: ConfigStore, why: string): Promise<void> {
  return store.change((root) => without(root, flag), why)
}

// Leaving takes back whatever the demotion is, of maintenance or not.
function byDemotion({ carp: { speaker } }: CarpParts): (enter: boolean) => void {
  return (enter) => {
    const by = enter ? demotionOfMaintenance : -speaker.node.demotion
    if (by !== 0) speaker.apply({ kind: 'demote', by, reason: 'sysctl' })
  }
}

function bySkew({ carp: { speaker, vhids } }: CarpParts): (enter: boolean) => void {
  return (enter) => {
    for (const { device, vhid, advskew } of vhids) {
      speaker.apply({ kind: 'skew', device, vhid, advskew: enter ? skewOfMaintenance : advskew })
    }
  }
}

async function disable({ config, carp, pauseMs = pfsensePauseMs }: CarpParts): Promise<void> {
  carp.speaker.apply({ kind: 'allow', allow: false })
  for (const vhid of carp.vhids) {
    if (!carp.isAttached(vhid)) continue
    carp.speaker.detach(vhid)
    if (config.flavour === 'pfsense') await sleep(pauseMs)
  }
}

async function enable(parts: CarpParts): Promise<void> {
  const { config, carp, pfsync, pauseMs = pfsensePauseMs } = parts
  if (config.flavour === 'opnsense') {
    pfsync?.requestBulk()
    carp.speaker.apply({ kind: 'allow', allow: true })
    return attachVhids(parts)
  }
  attachVhids(parts)
  await sleep(pauseMs * carp.vhids.length)
  pfsync?.requestBulk()
  await allowWhenSynced(carp, pfsync)
}

/** pfSense lets CARP go only when the states are here, or after 30 s. */
export async function allowWhenSynced(carp: Carp, pfsync: Pfsync | undefined): Promise<void> {
  const deadline = performance.now() + longestSyncMs
  while (pfsync?.isOk() === false && performance.now() < deadline) await sleep(pollMs)
  carp.speaker.apply({ kind: 'allow', allow: true })
}

function readStatus({ config, carp, store }: CarpParts): CarpStatus {
  const { demotion, allow, preempt } = carp.speaker.node
  return { demotion, allow, preempt, maintenance: isFlagged(store), vips: config.vips.map((vip) => describe(vip)) }

  function describe({
    device,
    vhid,
    advbase,
    advskew,
    address,
    description,
    mode = 'carp',
  }: (typeof config.vips)[number]): CarpVip {
    const home = config.interfaces.find((each) => each.device === device)
    return {
      interface: home?.description ?? '',
      key: home?.key ?? '',
      device,
      vhid,
      advbase,
      advskew,
      address: bare(address),
      prefix: Number(address.split('/')[1]),
      mode,
      description,
      state: stateOf(carp.speaker, { device, vhid }) ?? 'DISABLED',
    }
  }
}
