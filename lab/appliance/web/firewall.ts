import type { CommandResult } from '../commands/command.ts'
import type { Control } from '../control/control.ts'
import type { Lease } from './leases.ts'

/** The firewall as its web sites see it. */
export type WebFirewall = {
  control: Control
  /** Runs a command of the firewall itself, like `ifconfig`. */
  run: (command: string, args: readonly string[]) => Promise<CommandResult>
  /** Runs a line in root's shell. */
  shell: (line: string) => Promise<CommandResult>
  /** What the firewall's DHCP server has leased. */
  leases: () => Lease[]
  /** Where the release is kept, for upgrades. */
  releaseFile: string
}
