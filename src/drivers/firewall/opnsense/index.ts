import type { HaReader, VersionReader } from '../../../ports/firewall.ts'
import type { Shell } from '../../../ports/shell.ts'
import { opnsenseHaReader } from './ha-reader.ts'
import { shellVersionReader } from './version-reader.ts'

/** The readers of a lab's machines over one shell. */
export function connectFirewalls(shell: Shell): { haReader: HaReader; versions: VersionReader } {
  return { haReader: opnsenseHaReader(shell), versions: shellVersionReader(shell) }
}
