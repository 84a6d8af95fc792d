import type { Mismatch } from './schema/mismatch.ts'

/** What is known to differ from the official schema, and the topic of the reference on Proxmox VE that says so. */
const explained: readonly { endpoint: RegExp; what: RegExp; topic: string }[] = [
  {
    endpoint: /./,
    what: /expected string, came (number|boolean)/,
    topic: 'Transport: responses are loosely typed',
  },
]

/** One row of the table: where an endpoint and its schema differ, how often, and who says that it is so. */
export interface Deviation {
  endpoint: string
  mismatch: Mismatch
  count: number
  /** Null: nobody says so. */
  topic: string | null
}

/** Mismatches of replies gathered into rows. */
export function deviationsOf(found: readonly { endpoint: string; mismatch: Mismatch }[]): Deviation[] {
  const rows = new Map<string, Deviation>()
  for (const { endpoint, mismatch } of found) {
    const key = `${endpoint} ${mismatch.where} ${mismatch.what}`
    const row = rows.get(key) ?? { endpoint, mismatch, count: 0, topic: topicOf(endpoint, mismatch) }
    rows.set(key, { ...row, count: row.count + 1 })
  }
  return [...rows.values()]
}

function topicOf(endpoint: string, { where, what }: Mismatch): string | null {
  const text = `${where}: ${what}`
  return explained.find((each) => each.endpoint.test(endpoint) && each.what.test(text))?.topic ?? null
}
