import type { Effect, FaultTools } from './fault.ts'
import { firewallRole, firewallSwitch } from './firewall-switch.ts'

/** CARP switched off on a firewall until it is switched on, or starts anew. Reference: firewalls page §2.4, §4.1. */
export const carpDisable = firewallSwitch({
  kind: 'carp-disable',
  howTo:
    'turns CARP off on a firewall (OPNsense: carp_status/disable, pfSense: playback disablecarp): its virtual addresses go; healed by turning it on',
  byHand: 'turn CARP on by the button of the CARP status page',
  off: (machine, tools) => firewallRole('carpSwitch', tools).disable(machine, tools.signal),
  on: (machine, tools) => firewallRole('carpSwitch', tools).enable(machine, tools.signal),
  see,
})

/** The kernel's own word over SSH, and VHIDs on the interfaces. */
async function see(machine: string, isOff: boolean, { haReader, signal }: FaultTools): Promise<Effect> {
  const { allow, vhids } = await haReader.read(machine, signal)
  const evidence = `${machine}: net.inet.carp.allow=${Number(allow)}, ${vhids.length} VHIDs on its interfaces`
  return { proven: allow === !isOff && vhids.length > 0 === !isOff, evidence }
}
