import { date, uptime } from './clock.ts'
import type { Command } from './command.ts'
import { configctl } from './configctl.ts'
import { ifconfig } from './ifconfig.ts'
import { netstat } from './netstat.ts'
import { opnsenseVersion } from './opnsense-version.ts'
import { pfctl } from './pfctl.ts'
import { pfSsh } from './pfssh.ts'
import { pfsenseUpgrade } from './pfsense-upgrade.ts'
import { halt, reboot, shutdown } from './power.ts'
import { carpHandler, filterSynchronize, restartWebgui } from './rc-files.ts'
import { sysctl } from './sysctl.ts'

/** Every program that the appliance answers, by the name of its wrapper in /usr/local/sbin. */
export const commands = {
  configctl,
  date,
  halt,
  ifconfig,
  netstat,
  'opnsense-version': opnsenseVersion,
  'pfSense-upgrade': pfsenseUpgrade,
  'pfSsh.php': pfSsh,
  pfctl,
  poweroff: halt,
  'rc.carpbackup': carpHandler('BACKUP'),
  'rc.carpmaster': carpHandler('MASTER'),
  'rc.filter_synchronize': filterSynchronize,
  'rc.restart_webgui': restartWebgui,
  reboot,
  shutdown,
  sysctl,
  uptime,
} satisfies Record<string, Command>
