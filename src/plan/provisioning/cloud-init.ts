import type { Lab } from '../../model/lab.ts'
import { contains, first4, first6 } from './address.ts'
import type { PlannedNic } from './nics.ts'

/** The cloud-init settings of a plain Linux machine. `keys` are the public keys that may log in as root. */
export function cloudInitSettings(
  lab: Lab,
  machine: string,
  nics: readonly PlannedNic[],
  keys: readonly string[],
  storage: string,
): Record<string, string> {
  const given = lab.machines[machine]?.gateway
  const gateways = { v4: first4(given), v6: first6(given) }
  const server = nameServerOf(lab)
  return {
    ide2: `${storage}:cloudinit`,
    ciuser: 'root',
    ciupgrade: '0',
    sshkeys: `${keys.map((key) => key.trim()).join('\n')}\n`,
    ...(server === undefined ? {} : { nameserver: server }),
    ...Object.fromEntries(nics.map((nic) => [`ipconfig${nic.index}`, ipConfig(nic, gateways)])),
  }
}

type Gateways = { v4: string | null; v6: string | null }

function ipConfig({ address, address6 }: PlannedNic, { v4, v6 }: Gateways): string {
  const words = address === null ? ['ip=dhcp'] : [`ip=${address}`]
  if (address !== null && v4 !== null && contains(address, v4)) words.push(`gw=${v4}`)
  if (address6 !== null) words.push(`ip6=${address6}`)
  if (address6 !== null && v6 !== null && contains(address6, v6)) words.push(`gw6=${v6}`)
  return words.join(',')
}

/** The lab's DNS server is the one that its provider hands out. */
function nameServerOf(lab: Lab): string | undefined {
  return Object.values(lab.machines).find(({ dhcp }) => dhcp !== undefined)?.dhcp?.dns
}
