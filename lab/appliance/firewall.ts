import type { ApplianceConfig } from './config.ts'
import type { Firewall } from './commands/command.ts'
import { commands } from './commands/registry.ts'
import { serveCommands } from './commands/server.ts'
import { startCarp } from './carp/start-carp.ts'
import type { Speaker } from './carp/speaker.ts'
import { carpMemberHook } from './hooks/carp-member.ts'
import { rcLinkup } from './hooks/rc-linkup.ts'
import { type CarpHook, createEventQueue, runCarpHooks } from './hooks/syshook.ts'
import { wanHook } from './hooks/wan-hook.ts'
import { type LinkChange, watchInterfaces } from './net/interfaces.ts'
import { type IpShell, startIpShell } from './net/ip-shell.ts'
import { applyKernelSettings } from './pf/kernel-settings.ts'
import { renderRules } from './pf/rules.ts'
import { startPfsync } from './pfsync/start-pfsync.ts'
import { run } from './system/run.ts'
import { openSystemLog, type SystemLog } from './system/system-log.ts'
import { startService } from './system/service.ts'
import { startAddressClient } from './wan/address-client.ts'
import { Wan } from './wan/wan.ts'

const authNotice = 37

/**
 * Boots the firewall in this machine: kernel settings and rules, addresses, state sync (demoted until the peer's states
 * are here), CARP, hooks, commands. `complaints` about the configuration go to the log. Resolves when it runs; rejects when
 * the machine is unfit, with the reason.
 */
export async function startFirewall(
  config: ApplianceConfig,
  complaints: readonly string[],
): Promise<{ shutDown: () => void }> {
  const bootedAtMs = performance.now()
  const log = openSystemLog('/var/log/system', `${config.hostName}.${config.domain}`, bootedAtMs)
  for (const complaint of complaints) log.program('config', complaint)
  const shell = startIpShell((line) => log.program('ip', line, 27))
  applyKernelSettings()
  await loadRules(config)
  let onLink: (change: LinkChange) => void = () => undefined
  const { interfaces, refresh } = await watchInterfaces((change) => onLink(change))
  await configureInterfaces(config, shell)
  await refresh()

  const wan = createWan(config, shell, log)
  const parts = await startHighAvailability({ config, shell, log, interfaces, wan }, (listener) => (onLink = listener))
  if (wan !== undefined && !config.wanHook) void wan.enable()
  startAccess(config, log)
  serveCommands({ config, interfaces, bootedAtMs, ...parts }, commands)
  return { shutDown: () => log.program('shutdown', 'power-down by root:', authNotice) }
}

async function loadRules(config: ApplianceConfig): Promise<void> {
  const { status, output } = await run('nft', ['-f', '-'], `flush ruleset\n${renderRules(config)}`)
  if (status !== 0) throw new Error(`nft refuses the rules: ${output.trim()}`)
}

async function configureInterfaces({ interfaces }: ApplianceConfig, shell: IpShell): Promise<void> {
  await shell.run('link set lo up')
  for (const { device, address } of interfaces) {
    if (address !== 'dhcp') await shell.run(`addr add ${address} brd + dev ${device}`, `link set ${device} up`)
  }
}

function createWan(config: ApplianceConfig, shell: IpShell, log: SystemLog): Wan | undefined {
  const leased = config.interfaces.find(({ key, address }) => key === 'wan' && address === 'dhcp')
  if (leased === undefined) return undefined
  const ownHost = config.defects.includes('nat-own-address') ? ownHostOf(config) : undefined
  return new Wan({ device: leased.device, shell, log, ownHost })
}

// The node's number on its other networks: 2 for 10.102.0.2/24.
function ownHostOf({ interfaces }: ApplianceConfig): number {
  const fixed = interfaces.find(({ address }) => address !== 'dhcp')?.address ?? '0.0.0.1/24'
  return Number(fixed.split('/')[0]?.split('.')[3])
}

// How people and programs get in: the SSH server, and addresses leased on interfaces other than WAN (management).
function startAccess(config: ApplianceConfig, log: SystemLog): void {
  if (config.sshServer) startService({ command: '/usr/sbin/sshd', args: ['-D', '-e', '-o', 'PidFile=none'] })
  const leased = config.interfaces.filter(({ key, address }) => key !== 'wan' && address === 'dhcp')
  for (const { device } of leased) startAddressClient(device, (line) => log.program('dhclient', line, 30))
}

type Base = Pick<Firewall, 'config' | 'interfaces'> & { shell: IpShell; log: SystemLog; wan: Wan | undefined }

// State sync comes first: a node that returns is demoted before its first VHID listens, and so cannot preempt without states.
async function startHighAvailability(
  { config, shell, log, interfaces, wan }: Base,
  listenToLinks: (listener: (change: LinkChange) => void) => void,
): Promise<Pick<Firewall, 'speaker' | 'pfsync'>> {
  let speaker: Speaker | undefined
  const pfsync = await startPfsync(config, {
    shell,
    mtuOf: (device) => interfaces.get(device)?.mtu ?? 1500,
    demote: (by, reason) => speaker?.apply({ kind: 'demote', by, reason }),
    log: log.kernel,
  })
  const queue = createEventQueue(log)
  const hooks = carpHooks(config, wan, log)
  speaker = await startCarp(config, {
    shell,
    log: log.kernel,
    notify: (subsystem, state) => queue(() => runCarpHooks(hooks, subsystem, state, log)),
    isUp: (device) => isUp(interfaces.get(device)),
    beforeAttach: (ready) => {
      speaker = ready
      listenToLinks(rcLinkup({ config, speaker: ready, wan, log, queue, requestBulk: () => pfsync?.requestBulk() }))
      pfsync?.requestBulk()
    },
  })
  speaker.apply({ kind: 'preempt', preempt: config.preempt && !config.defects.includes('preempt-off') })
  return { speaker, pfsync }
}

function carpHooks(config: ApplianceConfig, wan: Wan | undefined, log: SystemLog): CarpHook[] {
  const member = carpMemberHook(config, log)
  return config.wanHook && wan !== undefined ? [member, wanHook(wan, log)] : [member]
}

function isUp(state: { adminUp: boolean; carrier: boolean } | undefined): boolean {
  return state !== undefined && state.adminUp && state.carrier
}
