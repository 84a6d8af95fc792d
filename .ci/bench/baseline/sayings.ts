/** What programs print at their end, read as a person would read it. */

/** `ping`: packets that it sent and lost. */
export function pingSays(output: string): { sent: number; lost: number } | null {
  const [, sent, received] = /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(output) ?? []
  return sent === undefined || received === undefined
    ? null
    : { sent: Number(sent), lost: Number(sent) - Number(received) }
}

/** `fping -l -o`: packets that it sent and lost, and the outage that it makes of them. */
export function fpingSays(output: string): { sent: number; lost: number; outageMs: number } | null {
  const found = /xmt\/rcv\/%loss = (\d+)\/(\d+)\/\d+%(?:, outage\(ms\) = (\d+))?/.exec(output)
  const [, sent, received, outage] = found ?? []
  if (sent === undefined || received === undefined) return null
  return { sent: Number(sent), lost: Number(sent) - Number(received), outageMs: Number(outage ?? 0) }
}

/** What the script has left in its log. */
export interface ScriptSays {
  promoted: boolean | null
  outsideReached: boolean | null
  /** As it stands there: two lines where `grep -c` fails. */
  lost: string | null
}

/** The log of the script. */
export function scriptSays(log: string): ScriptSays {
  const has = (words: string) => log.includes(words)
  return {
    promoted: has('PASS: Secondary') ? true : has('FAIL: Secondary') ? false : null,
    outsideReached: has('PASS: External') ? true : has('FAIL: External') ? false : null,
    lost: /Total pings: \d+, Lost: ([\d\s]*\d)$/m.exec(log)?.[1] ?? null,
  }
}
