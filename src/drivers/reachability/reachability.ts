import ping from 'ping'

/** Whether a host answers pings, and how long the answer took, ms; null where none came within `withinMs`. Never throws. */
export async function pingHost(host: string, withinMs: number): Promise<number | null> {
  try {
    const { alive, time } = await ping.promise.probe(host, { timeout: Math.max(1, Math.round(withinMs / 1000)) })
    return alive ? (typeof time === 'number' ? time : 0) : null
  } catch {
    return null
  }
}
