import type { TapNames } from '../../../../ports/hypervisor.ts'
import { readStatus } from '../endpoints/power.ts'
import type { MachineFinder } from '../machines.ts'
import type { Vms } from '../vms.ts'

/** Taps of the lab's machines, and the nodes that have them. */
export const tapNamesOf = (vms: Vms, find: MachineFinder): TapNames => ({
  tapOf: async (machine, index, signal) => `tap${await find(machine, signal)}i${index}`,
  async nodeOf(machine, signal) {
    const vmid = await find(machine, signal)
    const readAt = async (node: string) => {
      await vms.api.call(readStatus, { node, vmid }, signal)
      return node
    }
    return await vms.at(vmid, readAt, signal)
  },
})
