import { HarnessError, exitCodes } from '../../../model/failure.ts'
import type { HaState } from '../../../model/ha-state.ts'
import type { HaReader } from '../../../ports/firewall.ts'
import type { Shell } from '../../../ports/shell.ts'
import { parseCarpLines } from './carp-lines.ts'
import { parseCarpSysctls } from './carp-sysctls.ts'
import { parsePfsyncStatus } from './pfsync-status.ts'

const limitMs = 3000
const [afterIfconfig, afterSysctl, atEnd] = ['firedrill: sysctl', 'firedrill: pfsync', 'firedrill: end']

/** One round trip for one reading. root's login shell may be csh or a menu, hence /bin/sh. */
const command = `/bin/sh -c 'ifconfig; echo "${afterIfconfig}"; sysctl net.inet.carp; echo "${afterSysctl}"; ifconfig pfsync0 2>/dev/null; echo "${atEnd}"'`

/** Reads an OPNsense or pfSense node over a shell: VHIDs, demotion, preemption and state sync, as its kernel says. Waits 3 s at most. */
export function opnsenseHaReader(shell: Shell): HaReader {
  return {
    read: async (node, signal) => {
      const limit = AbortSignal.timeout(limitMs)
      try {
        return parseHaState(await shell.run(node, command, { signal: AbortSignal.any([signal, limit]) }))
      } catch (thrown) {
        if (limit.aborted && !signal.aborted)
          throw unreadable(`expected ${node} to tell its CARP state within ${limitMs / 1000} s, came nothing`)
        throw thrown
      }
    },
  }
}

/** Parses the output of one reading; incomplete output is an error, so that half an answer never looks healthy. */
export function parseHaState(output: string): HaState {
  const parts = output.split(new RegExp(`^(?:${afterIfconfig}|${afterSysctl}|${atEnd})$`, 'm'))
  const [ifconfig, sysctls, pfsync, rest] = parts
  if (
    ifconfig === undefined ||
    sysctls === undefined ||
    pfsync === undefined ||
    rest === undefined ||
    parts.length !== 4
  ) {
    throw unreadable(
      `expected interfaces, sysctls and pfsync0 in full, came ${output.length} characters in ${parts.length} of 4 parts`,
    )
  }
  const unknown = { maintenance: null, problem: null }
  return {
    vhids: parseCarpLines(ifconfig),
    ...parseCarpSysctls(sysctls),
    syncOk: parsePfsyncStatus(pfsync),
    ...unknown,
  }
}

const unreadable = (message: string) => new HarnessError(message, { exitCode: exitCodes.unavailable })
