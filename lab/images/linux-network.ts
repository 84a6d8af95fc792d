import type { ImageInput } from './image.ts'

/** The shell lines that give a plain Linux machine its addresses and default route, NICs named eth0, eth1, ... */
export function networkLines({ name, machine }: ImageInput): string[] {
  const lines = Object.entries(machine.nics).flatMap(([network, address], index) => {
    if (typeof address !== 'string') throw new Error(`machine ${name}: expected an address on ${network}, got dhcp`)
    return [`ip address add ${address} dev eth${index}`, `ip link set eth${index} up`]
  })
  return machine.gateway ? [...lines, `ip route add default via ${machine.gateway}`] : lines
}

/** The guest's name of the NIC on a network, like `eth1`. */
export function nicOn({ name, machine }: ImageInput, network: string): string {
  const index = Object.keys(machine.nics).indexOf(network)
  if (index < 0)
    throw new Error(`machine ${name}: expected a NIC on ${network}, got ${Object.keys(machine.nics).join(', ')}`)
  return `eth${index}`
}

/** The address, without prefix length, that a machine has first in the topology; undefined where it uses DHCP. */
export function firstAddress({ nics }: ImageInput['machine']): string | undefined {
  const address = Object.values(nics).find((nic) => typeof nic === 'string')
  return typeof address === 'string' ? address.split('/')[0] : undefined
}

/** The boot script of a plain Linux machine; the last `wait` makes PID 1 collect the orphans of all sessions. */
export function bootScript(lines: readonly string[]): string {
  return [...lines, 'sh /etc/firedrill/console &', 'wait', ''].join('\n')
}
