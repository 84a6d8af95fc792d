import type { HaState } from '../../../model/ha-state.ts'
import type { HaReader } from '../../../ports/firewall.ts'
import { parseCarpLines } from '../freebsd/carp-lines.ts'
import { parseCarpSysctls } from '../freebsd/carp-sysctls.ts'
import { parsePfsyncStatus } from '../freebsd/pfsync-status.ts'
import { refusal } from '../refusal.ts'
import type { Commander } from './commander.ts'
import { renderSections, splitSections } from './sections.ts'

/** Both products keep the flag under this name at the top of their configuration. Where that cannot be read nothing is said. */
const flag = "test -r /conf/config.xml && { grep -c '<virtualip_carp_maintenancemode' /conf/config.xml || true; }"

const commands = { ifconfig: 'ifconfig', carp: 'sysctl net.inet.carp', pfsync: 'ifconfig pfsync0 2>/dev/null', flag }
const script = renderSections(commands)

/** Reads a node by one command: VHIDs, demotion, preemption, state sync as its kernel says, and the flag of maintenance mode. */
export function commandHaReader(commander: Commander): HaReader {
  return {
    read: async (node, signal) => parseHaState((await commander.run(node, script, 'tell its CARP state', signal)).text),
  }
}

/** Parses the output of one reading; incomplete output is an error. */
export function parseHaState(output: string): HaState {
  const part = splitSections(['ifconfig', 'carp', 'pfsync', 'flag'], output)
  return {
    vhids: parseCarpLines(part('ifconfig')),
    ...parseCarpSysctls(part('carp')),
    syncOk: parsePfsyncStatus(part('pfsync')),
    maintenance: parseFlag(part('flag')),
    problem: null,
  }
}

function parseFlag(text: string): boolean | null {
  const count = text.trim()
  if (count === '') return null
  if (/^\d{1,3}$/.test(count)) return count !== '0'
  throw refusal('not-understood', `expected how often the maintenance flag is set, came "${count.slice(0, 40)}"`)
}
