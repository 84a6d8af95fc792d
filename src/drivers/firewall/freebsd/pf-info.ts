import { refusal } from '../refusal.ts'

/** What `pfctl -vsi` says; null is what it does not say. */
export interface PfInfo {
  isEnabled: boolean
  /** Eight hexadecimal digits. */
  hostId: string | null
  current: number
  inserts: number | null
}

/** Parses `pfctl -si`, with or without `-v`. The status and the current entries must be there. */
export function parsePfInfo(text: string): PfInfo {
  const status = /^Status: (Enabled|Disabled)\b/m.exec(text)?.[1]
  const current = totalOf(text, 'current entries')
  if (status === undefined || current === null)
    throw refusal(
      'not-understood',
      'expected "Status: Enabled" and "current entries" from pfctl, came neither or one of them',
    )
  return { isEnabled: status === 'Enabled', hostId: hostIdIn(text), current, inserts: totalOf(text, 'inserts') }
}

/** The limit of states in `pfctl -sm`; null where it is not there. */
export function parseStateLimit(text: string): number | null {
  const limit = /^states\s+hard limit\s+(\d{1,10})\s*$/m.exec(text)?.[1]
  return limit === undefined ? null : Number(limit)
}

/** The creators in `pfctl -sc`: a heading, then one id a line. */
export function parseCreators(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim())
  return [...new Set(lines.filter((line) => /^[0-9a-f]{8}$/.test(line)))]
}

const totalOf = (text: string, name: string): number | null => {
  const total = new RegExp(`^ {2}${name} +(\\d{1,18})(?: |$)`, 'm').exec(text)?.[1]
  return total === undefined ? null : Number(total)
}

/** FreeBSD leaves out leading zeros. */
function hostIdIn(text: string): string | null {
  const id = /^Hostid:\s+0x([0-9a-f]{1,8})\s*$/m.exec(text)?.[1]
  return id === undefined ? null : id.padStart(8, '0')
}
