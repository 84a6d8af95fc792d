import type { ApplianceConfig } from './config.ts'
import { type Carp, startCarp } from './carp/start-carp.ts'
import type { Speaker } from './carp/speaker.ts'
import { recordTruth } from './carp/truth.ts'
import { allowWhenSynced, attachVhids, restoreMaintenance } from './control/carp-switches.ts'
import type { ConfigStore } from './control/control.ts'
import { carpMemberHook } from './hooks/carp-member.ts'
import { rcLinkup } from './hooks/rc-linkup.ts'
import { type CarpHook, createEventQueue, type EventQueue, runCarpHooks } from './hooks/syshook.ts'
import { wanHook } from './hooks/wan-hook.ts'
import type { LinkChange } from './net/interfaces.ts'
import type { IpShell } from './net/ip-shell.ts'
import type { Interfaces } from './net/monitor-line.ts'
import { type Pfsync, startPfsync } from './pfsync/start-pfsync.ts'
import { startGuestClock } from './system/guest-clock.ts'
import type { SystemLog } from './system/system-log.ts'
import type { Wan } from './wan/wan.ts'

/** What high availability stands on. */
export type Base = {
  config: ApplianceConfig
  shell: IpShell
  log: SystemLog
  interfaces: Interfaces
  wan: Wan | undefined
  store: ConfigStore
  /** Whoever else wants to hear of CARP's transitions. */
  hooks: readonly CarpHook[]
}

/** The running CARP and state sync, and who is to hear of links. */
export type HighAvailability = {
  carp: Carp
  pfsync: Pfsync | undefined
  queue: EventQueue
  linkChanged: (change: LinkChange) => void
}

const stuckDemotion = 240

/** Starts state sync and CARP; no VHID is attached before `goLive`. */
export async function startHighAvailability(base: Base): Promise<HighAvailability> {
  const { config, shell, log, interfaces, wan } = base
  const clock = startGuestClock()
  const queue = createEventQueue(log)
  const hooks = carpHooks(base)
  const carp = await startCarp(config, {
    shell,
    log: log.kernel,
    nowMs: () => clock.nowMs(),
    isUp: (device) => isUp(interfaces.get(device)),
    macOf: (device) => interfaces.get(device)?.mac ?? '00:00:00:00:00:00',
    notify: (subsystem, state) => {
      const [vhid = '', device = ''] = subsystem.split('@')
      recordTruth(device, Number(vhid), state)
      queue(() => runCarpHooks(hooks, subsystem, state, log))
    },
  })
  const { speaker } = carp
  const pfsync = await startPfsync(config, {
    shell,
    mtuOf: (device) => interfaces.get(device)?.mtu ?? 1500,
    demote: (by, reason) => speaker.apply({ kind: 'demote', by, reason }),
    log: log.kernel,
  })
  const requestBulk = (): void => pfsync?.requestBulk()
  return { carp, pfsync, queue, linkChanged: rcLinkup({ config, speaker, wan, log, queue, requestBulk }) }
}

/**
 * Lets the node take part. State sync comes first: a node that returns is demoted before its first VHID listens, and so
 * cannot preempt without states. pfSense allows CARP last.
 */
export function goLive({ config, store }: Base, { carp, pfsync }: HighAvailability): void {
  const { speaker } = carp
  obeyTunables(speaker, config)
  restoreMaintenance({ config, carp, store })
  if (config.defects.includes('stuck-demotion')) stick(speaker)
  if (config.flavour === 'pfsense') speaker.apply({ kind: 'allow', allow: false })
  pfsync?.requestBulk()
  attachVhids({ config, carp, store })
  speaker.apply({ kind: 'preempt', preempt: config.preempt && !config.defects.includes('preempt-off') })
  if (config.flavour === 'pfsense') void allowWhenSynced(carp, pfsync)
}

function obeyTunables(speaker: Speaker, config: ApplianceConfig): void {
  const tunable = (name: string, usual: number): number => Number(config.tunables[`net.inet.carp.${name}`] ?? usual)
  const senderrFactor = tunable('senderr_demotion_factor', hasSendErrorFactor(config) ? 240 : 0)
  speaker.node = { ...speaker.node, senderrFactor, ifdownFactor: tunable('ifdown_demotion_factor', 240) }
  speaker.logLevel = tunable('log', 1)
}

// A bulk update of which nobody has taken back what it added.
function stick(speaker: Speaker): void {
  speaker.apply({ kind: 'demote', by: stuckDemotion, reason: 'pfsync bulk start' })
}

// OPNsense sets the factor to 0 from 25.1.4 on; pfSense always has.
function hasSendErrorFactor({ flavour, release }: ApplianceConfig): boolean {
  return flavour === 'opnsense' && release.startsWith('24.')
}

function carpHooks({ config, wan, log, hooks }: Base): CarpHook[] {
  const known = [carpMemberHook(config, log), ...hooks]
  const hasWanHook = config.wanHook && !config.defects.includes('wan-hook-missing')
  return hasWanHook && wan !== undefined ? [...known, wanHook(wan, log)] : known
}

function isUp(state: { adminUp: boolean; carrier: boolean } | undefined): boolean {
  return state !== undefined && state.adminUp && state.carrier
}
