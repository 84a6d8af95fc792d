import { z } from 'zod'
import { onSchema, timed } from './aimed.ts'
import { forEach, together } from './each-machine.ts'
import type { Aim, Fault } from './fault.ts'
import { firewallRole } from './firewall-switch.ts'

/** Aims whose firewalls were read back as BACKUP: by the time they are asked again they may be master. */
const forced = new WeakSet<Aim>()

/**
 * Every VHID of a firewall forced to BACKUP by hand. Nothing keeps it there: a better node is master again within about 3 s, so that there is
 * nothing to undo but to wait. Reference: firewalls page §3.1.
 */
export const carpForceBackup: Fault = {
  kind: 'carp-force-backup',
  needs: ['firewall'],
  params: z.strictObject({ on: onSchema }),
  howTo: 'forces all VHIDs of a firewall to BACKUP (ifconfig <nic> vhid <n> state backup); heals by itself',
  async begin(aim, tools) {
    const override = firewallRole('carpOverride', tools)
    const interval = await together(aim.machines, (machine) => override.forceBackup(machine, tools.signal))
    forced.add(aim)
    return interval
  },
  heal: (_, tools) => timed(tools, () => Promise.resolve()),
  // That it was BACKUP was read back by the driver within `begin`, which throws otherwise; by now it may be master again.
  verifyBegun: (aim, tools) =>
    forEach(aim.machines, async (machine) => {
      const { vhids } = await tools.haReader.read(machine, tools.signal)
      const said = vhids.map(({ vhid, state }) => `${vhid}: ${state}`).join(', ')
      const was = forced.has(aim) ? 'read back BACKUP when it was forced' : 'was not seen as BACKUP'
      return { proven: forced.has(aim), evidence: `${machine} ${was}; now ${said}` }
    }),
  verifyHealed: ({ machines }, tools) =>
    forEach(machines, async (machine) => {
      const { vhids } = await tools.haReader.read(machine, tools.signal)
      const isThere = vhids.length > 0 && vhids.every(({ state }) => state !== 'INIT')
      return { proven: isThere, evidence: `${machine} takes part in CARP with ${vhids.length} VHIDs` }
    }),
  undoByHand: ({ machines }) => `nothing: ${machines.join(' and ')} takes part in CARP as before`,
}
