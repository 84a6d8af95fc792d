import type { KindSchemas } from '../model/scenario.ts'
import { carpDisable } from './carp-disable.ts'
import { carpDrop } from './carp-drop.ts'
import { carpForceBackup } from './carp-force-backup.ts'
import { carpMaintenance } from './carp-maintenance.ts'
import { carpPassword } from './carp-password.ts'
import { clockStep } from './clock-step.ts'
import { command } from './command.ts'
import { configChange } from './config-change.ts'
import { dhcpServer } from './dhcp-server.ts'
import { dnsDead } from './dns-dead.ts'
import type { Fault } from './fault.ts'
import { gatewayBlackhole } from './gateway-blackhole.ts'
import { ispStaleArp } from './isp-stale-arp.ts'
import { linkDown } from './link-down.ts'
import { linkFlap } from './link-flap.ts'
import { nicMove } from './nic-move.ts'
import { nodeDeath } from './node-death.ts'
import { pathDown } from './path-down.ts'
import { pathImpair } from './path-impair.ts'
import { pfDisable } from './pf-disable.ts'
import { pfsyncBulkSilent } from './pfsync-bulk-silent.ts'
import { pfsyncDrop } from './pfsync-drop.ts'
import { serviceHang } from './service-hang.ts'
import { serviceStop } from './service-stop.ts'
import { syncPing } from './sync-ping.ts'
import { tunnelCut } from './tunnel-cut.ts'
import { vmReboot, vmReset } from './vm-reboot.ts'
import { vmShutdown } from './vm-shutdown.ts'
import { vmStart } from './vm-start.ts'
import { vmStop } from './vm-stop.ts'
import { vmSuspend } from './vm-suspend.ts'

/** Every fault there is, by the word that scenario files use. */
export const faults: Readonly<Record<string, Fault>> = {
  'vm-stop': vmStop,
  'vm-shutdown': vmShutdown,
  'vm-reboot': vmReboot,
  'vm-reset': vmReset,
  'vm-suspend': vmSuspend,
  'vm-start': vmStart,
  'node-death': nodeDeath,
  'link-down': linkDown,
  'link-flap': linkFlap,
  'path-down': pathDown,
  'nic-move': nicMove,
  'tunnel-cut': tunnelCut,
  'carp-maintenance': carpMaintenance,
  'carp-disable': carpDisable,
  'carp-force-backup': carpForceBackup,
  'carp-password': carpPassword,
  'carp-drop': carpDrop,
  'pf-disable': pfDisable,
  'pfsync-drop': pfsyncDrop,
  'pfsync-bulk-silent': pfsyncBulkSilent,
  'gateway-blackhole': gatewayBlackhole,
  'service-hang': serviceHang,
  'service-stop': serviceStop,
  'clock-step': clockStep,
  'config-change': configChange,
  'sync-ping': syncPing,
  'dhcp-server': dhcpServer,
  'isp-stale-arp': ispStaleArp,
  'dns-dead': dnsDead,
  'path-impair': pathImpair,
  command,
}

/** Their parameter schemas, as the scenario schema wants them. */
export const faultSchemas: KindSchemas = Object.fromEntries(
  Object.entries(faults).map(([kind, fault]) => [kind, fault.params]),
)
