import type { Effect, FaultTools } from './fault.ts'
import { firewallRole, firewallSwitch } from './firewall-switch.ts'

/** No filter, no NAT and no state sync while CARP keeps its role: a firewall that is broken and does not fail over. Reference: firewalls page §4.1. */
export const pfDisable = firewallSwitch({
  kind: 'pf-disable',
  howTo: 'turns the packet filter of a firewall off (pfctl -d): no NAT, no filter, no state sync; healed by pfctl -e',
  byHand: 'pfctl -e',
  off: (machine, tools) => firewallRole('filter', tools).disable(machine, tools.signal),
  on: (machine, tools) => firewallRole('filter', tools).enable(machine, tools.signal),
  see,
})

async function see(machine: string, isOff: boolean, tools: FaultTools): Promise<Effect> {
  const isOn = await firewallRole('filter', tools).isEnabled(machine, tools.signal)
  return { proven: isOn === !isOff, evidence: `${machine} says that its packet filter is ${isOn ? 'on' : 'off'}` }
}
