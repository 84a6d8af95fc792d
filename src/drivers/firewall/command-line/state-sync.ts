import type { StateSyncReader, StateSyncReading } from '../../../ports/firewall.ts'
import { parseCounters } from '../freebsd/netstat-counters.ts'
import { parseCreators, parsePfInfo, parseStateLimit } from '../freebsd/pf-info.ts'
import { parsePfsyncStatus } from '../freebsd/pfsync-status.ts'
import type { Commander } from './commander.ts'
import { renderSections, splitSections } from './sections.ts'

const script = renderSections({
  info: 'pfctl -vsi',
  limits: 'pfctl -sm 2>/dev/null',
  creators: 'pfctl -sc',
  pfsync: 'ifconfig pfsync0 2>/dev/null',
  counters: 'netstat -s -p pfsync 2>/dev/null',
})

/** State table and state sync as pf, pfsync0 and netstat say. */
export const commandStateSync = (commander: Commander): StateSyncReader => ({
  read: async (node, signal) => {
    const { text, sentMs, ackedMs } = await commander.run(node, script, 'tell of its states', signal)
    return { sentMs, ackedMs, ...parseStateSync(text) }
  },
})

/** Parses the output of one reading. */
function parseStateSync(output: string): Omit<StateSyncReading, 'sentMs' | 'ackedMs'> {
  const part = splitSections(['info', 'limits', 'creators', 'pfsync', 'counters'], output)
  const { hostId, current, inserts } = parsePfInfo(part('info'))
  const counters = parseCounters(part('counters'))
  return {
    hostId,
    creatorIds: parseCreators(part('creators')),
    syncOk: parsePfsyncStatus(part('pfsync')),
    states: { current, limit: parseStateLimit(part('limits')) },
    inserts,
    counters: Object.keys(counters).length === 0 ? null : counters,
  }
}
