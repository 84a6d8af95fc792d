import { readFileSync } from 'node:fs'
import type { ApplianceConfig } from '../config.ts'
import type { IpShell } from '../net/ip-shell.ts'
import { type Bulk, type BulkEvent, idleBulk, stepBulk } from './bulk.ts'
import { type BulkChannel, type BulkMessage, openBulkChannel } from './bulk-channel.ts'
import { type Conntrackd, startConntrackd } from './conntrackd.ts'
import { openTunnel } from './tunnel.ts'

/** State sync as the rest of the firewall sees it. */
export type Pfsync = {
  device: string
  peer: string
  /** `syncok` of ifconfig: false while a bulk update is under way. */
  isOk: () => boolean
  /** Asks the peer for all its states, as after each set-up of the sync interface. */
  requestBulk: () => void
}

/** What pfsync needs of the rest. */
export type PfsyncSurroundings = {
  shell: IpShell
  mtuOf: (device: string) => number
  demote: (by: number, reason: string) => void
  log: (line: string) => void
}

const settledForMs = 150
const pollMs = 25
const importLimitMs = 10_000
const maxRepeats = 3

/** Opens pfsync0 and starts conntrackd; undefined where the configuration (or a defect) has no state sync. */
export async function startPfsync(config: ApplianceConfig, around: PfsyncSurroundings): Promise<Pfsync | undefined> {
  const { pfsync, defects } = config
  if (pfsync === undefined || defects.includes('state-sync-off')) return undefined
  const addresses = config.interfaces.map(({ address }) => address.split('/')[0] ?? address)
  const own = config.interfaces.find(({ device }) => device === pfsync.device)?.address.split('/')[0]
  if (own === undefined) throw new Error(`pfsync: expected an interface ${pfsync.device}, found none`)
  const outer = { own, peer: pfsync.peer, mtu: around.mtuOf(pfsync.device) }
  const inner = await openTunnel(around.shell, outer, (status) => around.log(`pfsync: tunnel ended (${status})`))
  const ignored = addresses.filter((address) => address !== 'dhcp')
  const daemon = await startConntrackd(inner, ignored, () => undefined)
  const exchange = new BulkExchange(daemon, around.demote)
  exchange.channel = await openBulkChannel(inner, (message) => exchange.hear(message))
  return {
    device: pfsync.device,
    peer: pfsync.peer,
    isOk: () => exchange.bulk.ok,
    requestBulk: () => exchange.apply('begin'),
  }
}

class BulkExchange {
  bulk: Bulk = idleBulk
  channel: BulkChannel | undefined
  readonly #daemon: Conntrackd
  readonly #demote: PfsyncSurroundings['demote']
  #timer: NodeJS.Timeout | undefined
  #sending = false
  #repeats = 0

  constructor(daemon: Conntrackd, demote: PfsyncSurroundings['demote']) {
    this.#daemon = daemon
    this.#demote = demote
  }

  apply(event: BulkEvent): void {
    const { bulk, effects } = stepBulk(this.bulk, event, performance.now())
    this.bulk = bulk
    for (const effect of effects) {
      if (effect.kind === 'request') this.channel?.send({ bulk: 'request' })
      else this.#demote(effect.by, effect.reason)
    }
    clearTimeout(this.#timer)
    if (bulk.dueMs !== undefined) this.#timer = setTimeout(() => this.apply('timer'), bulk.dueMs - performance.now())
  }

  hear(message: BulkMessage): void {
    if (message.bulk === 'begin') return this.apply('announced')
    if (message.bulk === 'end') return void this.#finish(message.states)
    void this.#answer()
    this.apply('peerRequest')
  }

  async #answer(): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    this.channel?.send({ bulk: 'begin' })
    const states = await this.#daemon.sendBulk()
    this.channel?.send({ bulk: 'end', states })
    this.#sending = false
  }

  // The end overtakes what conntrackd still has to put into the kernel; what was lost on the way is asked for again.
  async #finish(states: number): Promise<void> {
    const complete = await tableReaches(states)
    if (complete || this.#repeats >= maxRepeats) {
      this.#repeats = 0
      return this.apply('end')
    }
    this.#repeats += 1
    this.channel?.send({ bulk: 'request' })
  }
}

// False once the table has stopped growing short of the number.
async function tableReaches(states: number): Promise<boolean> {
  const deadline = performance.now() + importLimitMs
  let quietSince = performance.now()
  let count = countStates()
  while (count < states && performance.now() - quietSince < settledForMs && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, pollMs))
    const now = countStates()
    if (now !== count) quietSince = performance.now()
    count = now
  }
  return count >= states
}

/** The size of the kernel's state table. */
export function countStates(): number {
  return Number(readFileSync('/proc/sys/net/netfilter/nf_conntrack_count', 'utf8'))
}
