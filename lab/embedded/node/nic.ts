/** One NIC of a machine: its number, the guest's name for it, and the vnet bridge it leads to. */
export type Nic = { index: number; guestName: string; mac: string; bridge: string }

/** Creates the bridge of a vnet. */
export function vnetCommands(bridge: string): string[] {
  return [`link add ${bridge} type bridge mcast_snooping 0`, `link set ${bridge} up`]
}

/**
 * Plugs a NIC in, as `ip -batch` lines: guest end - tap - own small bridge (fwbr) - veth pair (fwln, fwpr) - vnet bridge,
 * with Proxmox's names. `pid` is the machine's first process as the node sees it.
 */
export function nicCommands(vmid: number, pid: number, nic: Nic): string[] {
  const [tap, own] = [`tap${vmid}i${nic.index}`, `fwbr${vmid}i${nic.index}`]
  const [inner, outer] = [`fwln${vmid}i${nic.index}`, `fwpr${vmid}p${nic.index}`]
  return [
    `link add ${own} type bridge mcast_snooping 0`,
    `link add ${tap} type veth peer name ${nic.guestName} address ${nic.mac} netns ${pid}`,
    `link add ${inner} type veth peer name ${outer}`,
    `link set ${own} group ${vmid} up`,
    `link set ${tap} group ${vmid} master ${own} up`,
    `link set ${inner} group ${vmid} master ${own} up`,
    `link set ${outer} master ${nic.bridge} up`,
  ]
}

/** Pulls out all NICs of a machine in one request to the kernel: everything that carries its VMID as device group. */
export function unplugCommand(vmid: number): string {
  return `ip link delete group ${vmid}`
}

/** One shell line that gives all commands to a single `ip` process. */
export function batch(commands: readonly string[]): string {
  return `printf '%s\\n' ${commands.map((command) => `'${command}'`).join(' ')} | ip -batch -`
}
