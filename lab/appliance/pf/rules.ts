import { virtualDevice } from '../carp/virtual-device.ts'
import type { ApplianceConfig } from '../config.ts'

/**
 * nftables that behave like OPNsense's default rules: stateful, lan to any, nothing in from WAN, TCP states begin with a
 * SYN only. Each state carries this node's host id as its mark, which state sync takes along: pf's creator id.
 */
export function renderRules(config: Pick<ApplianceConfig, 'interfaces' | 'hostId' | 'vips'>): string {
  const wan = deviceOf(config, 'wan')
  const inside = config.interfaces.filter(({ device }) => device !== wan).map(({ device }) => device)
  const virtual = config.vips.map(virtualDevice)
  const trusted = [...new Set([...inside, ...virtual, 'lo', 'pfsync0'])].map((name) => `"${name}"`).join(', ')
  return `table inet pf {${untracked}
  chain states {
    ct state established,related accept
    ct state != new drop
    iifname != { ${trusted} } drop
    meta l4proto tcp tcp flags & (fin | syn | rst | ack) != syn drop
    ct mark set 0x${config.hostId}
    accept
  }
  chain input {
    type filter hook input priority filter; policy drop
    ct state untracked accept
    goto states
  }
  chain forward {
    type filter hook forward priority filter; policy drop
    goto states
  }
}
table ip nat {
  chain outbound {
    type nat hook postrouting priority srcnat; policy accept
  }
}
`
}

// Advertisements and state sync make no states of their own.
const untracked = `
  chain untracked_in {
    type filter hook prerouting priority raw; policy accept
    meta l4proto { 112, 240 } notrack
    iifname "pfsync0" notrack
  }
  chain untracked_out {
    type filter hook output priority raw; policy accept
    meta l4proto { 112, 240 } notrack
    oifname "pfsync0" notrack
  }`

/** Takes the outbound NAT away; the DHCP script puts it in place. */
export const noOutboundNat = 'flush chain ip nat outbound\n'

/** The device of an interface key, like `wan`. */
function deviceOf({ interfaces }: Pick<ApplianceConfig, 'interfaces'>, key: string): string | undefined {
  return interfaces.find((each) => each.key === key)?.device
}
