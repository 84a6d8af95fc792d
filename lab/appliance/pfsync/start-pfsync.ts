import type { ApplianceConfig } from '../config.ts'
import { bare } from '../net/address.ts'
import type { IpShell } from '../net/ip-shell.ts'
import { demotionFactorOf } from './bulk.ts'
import { openBulkChannel } from './bulk-channel.ts'
import { BulkExchange } from './bulk-exchange.ts'
import { startConntrackd } from './conntrackd.ts'
import { openTunnel, type PfsyncVersion } from './tunnel.ts'
import { loadWireRules, type PfsyncCounters, readCounters } from './wire-rules.ts'

/** State sync as the rest of the firewall sees it. */
export type Pfsync = {
  device: string
  peer: string
  version: PfsyncVersion
  defer: boolean
  /** `syncok` of ifconfig: false while a bulk update is under way. */
  isOk: () => boolean
  /** Asks the peer for all its states, as after each set-up of the sync interface. */
  requestBulk: () => void
  counters: () => Promise<PfsyncCounters>
}

/** What pfsync needs of the rest. */
export type PfsyncSurroundings = {
  shell: IpShell
  mtuOf: (device: string) => number
  demote: (by: number, reason: string) => void
  log: (line: string) => void
}

/** Opens pfsync0 and starts conntrackd; undefined where the configuration (or a defect) has no state sync. */
export async function startPfsync(config: ApplianceConfig, around: PfsyncSurroundings): Promise<Pfsync | undefined> {
  const { pfsync, defects } = config
  if (pfsync === undefined || defects.includes('state-sync-off')) return undefined
  const home = config.interfaces.find(({ device }) => device === pfsync.device)
  if (home === undefined) throw new Error(`pfsync: expected an interface ${pfsync.device}, found none`)
  const { peer, device, defer = false } = pfsync
  const version = defects.includes('pfsync-version-mismatch') ? otherThan(pfsync.version) : (pfsync.version ?? 1400)
  const outer = { own: bare(home.address), peer, mtu: around.mtuOf(device), version }
  const inner = await openTunnel(around.shell, outer, (status) => around.log(`pfsync: tunnel ended (${status})`))
  await loadWireRules(inner, defects.includes('state-sync-one-way'))
  const daemon = await startConntrackd(inner, ownAddresses(config), () => undefined)
  const exchange = new BulkExchange({
    daemon,
    demote: around.demote,
    demotionFactor: demotionFactorOf(config.flavour),
    isSilent: defects.includes('silent-peer-bulk'),
  })
  exchange.channel = await openBulkChannel(inner, (message) => exchange.hear(message))
  return {
    device,
    peer,
    version,
    defer,
    isOk: () => exchange.bulk.ok,
    requestBulk: () => exchange.apply('begin'),
    counters: readCounters,
  }
}

function otherThan(version: PfsyncVersion = 1400): PfsyncVersion {
  return version === 1301 ? 1400 : 1301
}

function ownAddresses({ interfaces }: ApplianceConfig): string[] {
  return interfaces.flatMap(({ address }) => (address === 'dhcp' ? [] : [bare(address)]))
}
