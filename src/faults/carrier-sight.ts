import type { FaultTools } from './fault.ts'

const seenWithinMs = 5000
const pollMs = 100

/** What a guest itself sees of the carrier of its netN. */
export interface Carrier {
  text: string
  isThere: boolean
}

/** Waits until the guest sees the carrier as it should be, or time is up; what it saw last. */
export async function carrierOf(machine: string, index: number, isDown: boolean, tools: FaultTools): Promise<Carrier> {
  const untilMs = tools.clock.nowMs() + seenWithinMs
  for (;;) {
    const seen = await lookAtCarrier(machine, index, tools)
    if (seen.isThere === !isDown || tools.clock.nowMs() > untilMs) return seen
    await tools.clock.sleep(pollMs, tools.signal)
  }
}

/** Looks once. */
export async function lookAtCarrier(
  machine: string,
  index: number,
  { shell, firewalls, signal }: Pick<FaultTools, 'shell' | 'firewalls' | 'signal'>,
): Promise<Carrier> {
  const isFirewall = firewalls.includes(machine)
  const command = isFirewall ? `ifconfig vtnet${index}` : `cat /sys/class/net/eth${index}/carrier`
  const said = await shell.run(machine, command, { signal })
  const text = isFirewall ? (/status: (.+)/.exec(said)?.[1] ?? 'no status') : `carrier ${said.trim()}`
  return { text: `"${text}"`, isThere: text === 'active' || text === 'carrier 1' }
}
