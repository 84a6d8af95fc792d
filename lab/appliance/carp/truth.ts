import { appendFileSync } from 'node:fs'

/** What only tests read: when this node's VHIDs changed state, by the host's CLOCK_MONOTONIC. */
const file = '/var/log/carp-truth.jsonl'

/** Adds a line `{"ms":…,"device":"vtnet1","vhid":1,"state":"MASTER"}`; `state` may also be DETACHED. */
export function recordTruth(device: string, vhid: number, state: string): void {
  const ms = Number(process.hrtime.bigint()) / 1e6
  appendFileSync(file, `${JSON.stringify({ ms, device, vhid, state })}\n`)
}
