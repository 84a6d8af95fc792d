import { HarnessError, exitCodes } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'

/** The IPv4 address of a machine's first NIC that has a fixed one. */
export function addressOf(machine: string, lab: Lab): string {
  const nics = Object.values(lab.machines[machine]?.nics ?? {})
  const cidr = nics.flatMap((nic) => (Array.isArray(nic) ? nic[0] : nic)).find((nic) => typeof nic === 'string')
  if (cidr !== undefined) return cidr.slice(0, cidr.indexOf('/'))
  throw new HarnessError(`expected a machine of lab ${lab.lab} with a fixed address, came ${machine}`, {
    exitCode: exitCodes.usage,
    hint: 'a probe goes to a machine whose address the lab file gives',
  })
}
