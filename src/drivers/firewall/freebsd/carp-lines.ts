import { HarnessError, exitCodes } from '../../../model/failure.ts'
import type { VhidState } from '../../../model/ha-state.ts'

const header = /^([a-zA-Z][\w.:-]*): flags=/
const carp = /^\s+carp: (MASTER|BACKUP|INIT) vhid (\d{1,3}) advbase (\d{1,3}) advskew (\d{1,3})\b/

/** The `carp:` lines of `ifconfig`, with the interface each stands under. A line that says carp and cannot be read is an error, never skipped. */
export function parseCarpLines(ifconfig: string): VhidState[] {
  const vhids: VhidState[] = []
  let nic: string | undefined
  for (const line of ifconfig.split('\n')) {
    nic = header.exec(line)?.[1] ?? nic
    if (/^\s*carp:/.test(line)) vhids.push(vhidOf(line, nic))
  }
  return vhids
}

function vhidOf(line: string, nic: string | undefined): VhidState {
  const match = carp.exec(line)
  const state = match?.[1]
  if (nic !== undefined && (state === 'MASTER' || state === 'BACKUP' || state === 'INIT')) {
    return { vhid: Number(match?.[2]), nic, state, advbase: Number(match?.[3]), advskew: Number(match?.[4]) }
  }
  throw new HarnessError(
    `expected a line like "carp: MASTER vhid 1 advbase 1 advskew 0" under an interface, came "${line.trim()}"`,
    { exitCode: exitCodes.unavailable },
  )
}
