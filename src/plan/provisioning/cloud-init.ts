import type { Lab } from '../../model/lab.ts'
import { contains } from './address.ts'
import type { PlannedNic } from './nics.ts'

/** The cloud-init settings of a plain Linux machine. `keys` are the public keys that may log in as root. */
export function cloudInitSettings(
  lab: Lab,
  machine: string,
  nics: readonly PlannedNic[],
  keys: readonly string[],
  storage: string,
): Record<string, string> {
  const gateway = lab.machines[machine]?.gateway
  const server = nameServerOf(lab)
  return {
    ide2: `${storage}:cloudinit`,
    ciuser: 'root',
    ciupgrade: '0',
    sshkeys: `${keys.map((key) => key.trim()).join('\n')}\n`,
    ...(server === undefined ? {} : { nameserver: server }),
    ...Object.fromEntries(nics.map((nic) => [`ipconfig${nic.index}`, ipConfig(nic, gateway)])),
  }
}

function ipConfig({ address }: PlannedNic, gateway: string | undefined): string {
  if (address === null) return 'ip=dhcp'
  return gateway !== undefined && contains(address, gateway) ? `ip=${address},gw=${gateway}` : `ip=${address}`
}

/** The lab's DNS server is the one that its provider hands out. */
function nameServerOf(lab: Lab): string | undefined {
  return Object.values(lab.machines).find(({ dhcp }) => dhcp !== undefined)?.dhcp?.dns
}
