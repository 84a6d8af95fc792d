import type { RequestInterval } from '../ports/hypervisor.ts'
import type { Effect } from './fault.ts'

/** All machines at once; the interval covers the first request and the last acknowledgement. */
export async function together(
  machines: string[],
  command: (machine: string) => Promise<RequestInterval>,
): Promise<RequestInterval> {
  const intervals = await Promise.all(machines.map(command))
  return {
    sentMs: Math.min(...intervals.map(({ sentMs }) => sentMs)),
    ackedMs: Math.max(...intervals.map(({ ackedMs }) => ackedMs)),
  }
}

/** Proven where it is proven for every machine, and there is at least one. */
export async function forEach(machines: string[], verify: (machine: string) => Promise<Effect>): Promise<Effect> {
  const effects = await Promise.all(machines.map(verify))
  return {
    proven: effects.length > 0 && effects.every(({ proven }) => proven),
    evidence: effects.map(({ evidence }) => evidence).join('; '),
  }
}
