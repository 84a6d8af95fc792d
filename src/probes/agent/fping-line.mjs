const line = /^\[(\d+\.\d+)\] \S+\s*: \[(\d+)\], (?:\d+ bytes, ([\d.]+(?:e\+?\d+)?) ms|(timed out))/

/**
 * One line of `fping -l -D`: the number of the probe and the wall time of its reply, or of its time-out (`rttMs` null), in ms.
 * fping prints wall time to 10 us, and the round trip with three significant digits. Null for any other line.
 * @param {string} text
 * @returns {{ seq: number, atMs: number, rttMs: number | null } | null}
 */
export function parseFpingLine(text) {
  const match = line.exec(text)
  if (match === null) return null
  const [, seconds, seq, rtt] = match
  return { seq: Number(seq), atMs: Number(seconds) * 1000, rttMs: rtt === undefined ? null : Number(rtt) }
}
