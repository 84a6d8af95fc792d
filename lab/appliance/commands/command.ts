import type { ApplianceConfig } from '../config.ts'
import type { Control } from '../control/control.ts'
import type { Gateways } from '../net/gateways.ts'
import type { IpShell } from '../net/ip-shell.ts'
import type { Interfaces } from '../net/monitor-line.ts'
import type { Pfsync } from '../pfsync/start-pfsync.ts'
import type { SystemLog } from '../system/system-log.ts'
import type { Speaker } from '../carp/speaker.ts'
import type { WebService } from '../web/serve-web.ts'

/** The running firewall as commands see it. */
export type Firewall = {
  control: Control
  config: ApplianceConfig
  speaker: Speaker
  interfaces: Interfaces
  /** Absent where state sync is not configured, or off by defect. */
  pfsync: Pfsync | undefined
  gateways: Pick<Gateways, 'isUp'>
  shell: IpShell
  log: SystemLog
  web: WebService
}

/** What a command prints; with a status other than 0 it goes to standard error. */
export type CommandResult = { status: number; output: string }

/** A program of the firewall's shell, answered by the running appliance. */
export type Command = (firewall: Firewall, args: readonly string[]) => CommandResult | Promise<CommandResult>

/** A good answer. */
export function answer(output: string): CommandResult {
  return { status: 0, output }
}

/** A refusal. */
export function refuse(output: string, status = 1): CommandResult {
  return { status, output }
}
