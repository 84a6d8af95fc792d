/** One NIC of a machine: its number, the guest's name for it, the bridge it leads to, and how it is plugged. */
export type Nic = {
  index: number
  guestName: string
  mac: string
  bridge: string
  /** With the hypervisor's firewall a small bridge (fwbr) stands between tap and bridge. */
  firewall: boolean
  linkDown: boolean
  mtu?: number
}

/**
 * Plugs a NIC in, as `ip -batch` lines: guest end - cable (lnk) - inner bridge (qbr) - tap - bridge. The guest's carrier is
 * that of the cable, so that the tap stays up when the link is set down. `pid` is the machine's first process as the node sees it.
 */
export function plugCommands(vmid: number, pid: number, nic: Nic): string[] {
  const { cable, inner, plug, tap } = deviceNames(vmid, nic.index)
  const mtu = nic.mtu === undefined ? '' : ` mtu ${nic.mtu}`
  return [
    `link add ${inner} type bridge mcast_snooping 0`,
    `link add ${cable}${mtu} type veth peer name ${nic.guestName}${mtu} address ${nic.mac} netns ${pid}`,
    `link add ${plug}${mtu} type veth peer name ${tap}${mtu}`,
    `link set ${inner} group ${vmid} up`,
    `link set ${plug} group ${vmid} master ${inner} up`,
    `link set ${cable} group ${vmid} master ${inner} ${nic.linkDown ? 'down' : 'up'}`,
    `link set ${tap} up`,
    ...attachCommands(vmid, nic),
  ]
}

/** Puts the tap of a NIC into its bridge. */
export function attachCommands(vmid: number, { index, bridge, firewall }: Nic): string[] {
  const { tap, firewallBridge, firewallIn, firewallOut } = deviceNames(vmid, index)
  if (!firewall) return [`link set ${tap} master ${bridge}`]
  return [
    `link add ${firewallBridge} type bridge mcast_snooping 0`,
    `link add ${firewallIn} type veth peer name ${firewallOut}`,
    `link set ${firewallBridge} group ${vmid} up`,
    `link set ${tap} master ${firewallBridge}`,
    `link set ${firewallIn} group ${vmid} master ${firewallBridge} up`,
    `link set ${firewallOut} master ${bridge} up`,
  ]
}

/** Takes the tap out of its bridge; it stays up, connected to nothing. */
export function detachCommands(vmid: number, { index, firewall }: Nic): string[] {
  const { tap, firewallBridge, firewallIn } = deviceNames(vmid, index)
  const own = firewall ? [`link del ${firewallIn}`, `link del ${firewallBridge}`] : []
  return [`link set ${tap} nomaster`, ...own]
}

/** Takes the NIC out of the machine: its guest end vanishes. */
export function unplugCommands(vmid: number, nic: Nic): string[] {
  const { cable, inner, plug } = deviceNames(vmid, nic.index)
  return [...detachCommands(vmid, nic), `link del ${plug}`, `link del ${cable}`, `link del ${inner}`]
}

/** Gives the guest its carrier or takes it; the tap stays up. */
export function linkCommand(vmid: number, index: number, isUp: boolean): string {
  return `link set ${deviceNames(vmid, index).cable} ${isUp ? 'up' : 'down'}`
}

/** The shell line that lets no frame in or out of the guest by these NICs; carriers stay. */
export function muteCommand(vmid: number, indexes: readonly number[]): string {
  const chains = indexes.flatMap((index) =>
    ['ingress', 'egress'].map(
      (hook) =>
        `chain ${hook}${index} { type filter hook ${hook} device ${deviceNames(vmid, index).cable} priority 0; policy drop; };`,
    ),
  )
  return `${unmuteCommand(vmid)}; nft 'table netdev mute${vmid} { ${chains.join(' ')} }'`
}

/** The shell line that lets frames pass again. */
export function unmuteCommand(vmid: number): string {
  return `nft delete table netdev mute${vmid} 2>/dev/null || :`
}

/** Pulls out all NICs of a machine in one request to the kernel: everything that carries its VMID as device group. */
export function unplugAllCommand(vmid: number): string {
  return `ip link delete group ${vmid}`
}

/** One shell line that gives all commands to a single `ip` process. */
export function batch(commands: readonly string[]): string {
  return `printf '%s\\n' ${commands.map((command) => `'${command}'`).join(' ')} | ip -batch -`
}

function deviceNames(vmid: number, index: number) {
  const named = (prefix: string): string => `${prefix}${vmid}i${index}`
  return {
    cable: named('lnk'),
    inner: named('qbr'),
    plug: named('qin'),
    tap: named('tap'),
    firewallBridge: named('fwbr'),
    firewallIn: named('fwln'),
    firewallOut: `fwpr${vmid}p${index}`,
  }
}
