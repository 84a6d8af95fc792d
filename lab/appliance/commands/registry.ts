import type { Command } from './command.ts'
import { ifconfig } from './ifconfig.ts'
import { opnsenseVersion } from './opnsense-version.ts'
import { pfctl } from './pfctl.ts'
import { sysctl } from './sysctl.ts'

/** Every program that the appliance answers, by the name of its wrapper in /usr/local/sbin. */
export const commands = {
  ifconfig,
  'opnsense-version': opnsenseVersion,
  pfctl,
  sysctl,
} satisfies Record<string, Command>
