import type { Clock } from '../../ports/clock.ts'
import type { HaReader, VersionReader } from '../../ports/firewall.ts'
import type { Shell } from '../../ports/shell.ts'
import { sshCommander } from './command-line/commander.ts'
import { commandHaReader } from './command-line/ha-reader.ts'
import { shellVersionReader } from './version-reader.ts'

/** The readers of a lab's machines over one shell. */
export function connectFirewalls(shell: Shell, clock: Clock): { haReader: HaReader; versions: VersionReader } {
  return { haReader: commandHaReader(sshCommander(shell, clock)), versions: shellVersionReader(shell) }
}
