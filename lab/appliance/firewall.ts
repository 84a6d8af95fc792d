import type { ApplianceConfig } from './config.ts'
import type { Firewall } from './commands/command.ts'
import { commands } from './commands/registry.ts'
import { writeProductFiles } from './commands/product-files.ts'
import { createRunner, serveCommands } from './commands/server.ts'
import { createControl } from './control/create-control.ts'
import { createFilterControl } from './control/packet-filter.ts'
import { openConfigStore } from './control/config-store.ts'
import { runServiceStatus } from './hooks/service-status.ts'
import { goLive, startHighAvailability } from './high-availability.ts'
import { configureInterfaces } from './net/configure-interfaces.ts'
import { type LinkChange, watchInterfaces } from './net/interfaces.ts'
import { type IpShell, startIpShell } from './net/ip-shell.ts'
import { applyKernelSettings } from './pf/kernel-settings.ts'
import { loadFirstRules } from './pf/loader.ts'
import { startSyslog } from './services/syslog.ts'
import { openSystemLog, type SystemLog } from './system/system-log.ts'
import { startService } from './system/service.ts'
import { startWallClock } from './system/wall-clock.ts'
import { createTraffic } from './traffic.ts'
import { startAddressClient } from './wan/address-client.ts'
import { Wan } from './wan/wan.ts'
import { createWebService } from './web/serve-web.ts'

const lateLeaseMs = 15_000

/**
 * Boots the firewall in this machine: kernel settings and rules, addresses, state sync (demoted until the peer's states
 * are here), CARP, hooks, commands. `complaints` about the configuration go to the log. Resolves when it runs; rejects when
 * the machine is unfit, with the reason.
 */
export async function startFirewall(
  config: ApplianceConfig,
  complaints: readonly string[],
): Promise<{ shutDown: () => void }> {
  const clock = startWallClock()
  const name = `${config.hostName}.${config.domain}`
  const log = openSystemLog(config.flavour, name, clock)
  startSyslog(config.syslog, name, log)
  for (const complaint of complaints) log.program('config', complaint)
  const shell = startIpShell((line) => log.program('ip', line, 27))
  const store = openConfigStore('/conf/config.xml', clock.now)
  applyKernelSettings()
  await loadFirstRules(config)
  let onLink: (change: LinkChange) => void = () => undefined
  const { interfaces, refresh } = await watchInterfaces((change) => onLink(change))
  await configureInterfaces(config, shell)
  await refresh()

  const wan = createWan(config, shell, log)
  const filter = createFilterControl()
  const traffic = createTraffic({ config, shell, log, interfaces, isFilterOff: () => !filter.isEnabled() })
  const base = { config, shell, log, interfaces, wan, store, hooks: [traffic.tunnels.hook] }
  const parts = await startHighAvailability(base)
  const control = createControl({ config, store, log, clock, filter, ...parts })
  onLink = (change) => {
    parts.linkChanged(change)
    if (change.up) void traffic.gateways.restoreRoutes()
  }
  await traffic.start()
  goLive(base, parts)
  if (wan !== undefined && !(config.wanHook && !config.defects.includes('wan-hook-missing'))) void wan.enable()
  startAccess(config, log)
  const { pfsync, carp } = parts
  const { gateways } = traffic
  await serveOperators({ control, config, interfaces, pfsync, speaker: carp.speaker, gateways, shell, log })
  return { shutDown: control.system.powerOff }
}

// The shell's commands and the web sites.
async function serveOperators(bare: Omit<Firewall, 'web'>): Promise<void> {
  const web = createWebService((text) => bare.log.program('webgui', text))
  const firewall = { ...bare, web: web.service }
  writeProductFiles(firewall.config)
  await runServiceStatus(firewall)
  const runner = createRunner(firewall, commands)
  serveCommands(runner)
  web.of(firewall.control, runner)
  void web.service.start()
}

function createWan(config: ApplianceConfig, shell: IpShell, log: SystemLog): Wan | undefined {
  const leased = config.interfaces.find(({ key, address }) => key === 'wan' && address === 'dhcp')
  if (leased === undefined) return undefined
  const ownHost = config.defects.includes('nat-own-address') ? ownHostOf(config) : undefined
  const delayMs = config.defects.includes('wan-dhcp-delay') ? lateLeaseMs : 0
  return new Wan({ device: leased.device, shell, log, ownHost, delayMs })
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
