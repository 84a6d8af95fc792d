import { type NicConfig, type Particulars, particularsOnDisk } from './cloud-init/particulars.ts'
import type { ImageFile, ImageInput, RenderedImage } from './image.ts'
import { first4, first6 } from '../topologies/addresses.ts'
import { powerOffTrap, startAgent } from './first-process.ts'

/** What a Linux image adds to the common template: its files, and the shell lines that start its services in the background. */
export type LinuxRole = { files?: Record<string, ImageFile>; services?: readonly string[] }

/** The disk of a plain Linux template: its boot applies the particulars, opens the console, then starts sshd and the role's services. */
export function linuxTemplate({ files = {}, services = [] }: LinuxRole): RenderedImage {
  return {
    nicPrefix: 'eth',
    files: {
      '/etc/firedrill/boot': { content: boot },
      '/etc/firedrill/services': { content: [sshServer, ...services, ''].join('\n') },
      '/etc/firedrill/dhclient-script': { content: dhclientScript, mode: 0o755 },
      ...files,
    },
  }
}

/** The shell line of a program of this folder that is started again whenever it ends. */
export function held(program: string, log: string): string {
  const loop = `while :; do /opt/firedrill/bin/node /opt/firedrill/images/${program}.[jt]s; sleep 1; done`
  return `sh -c "${loop}" >${log} 2>&1 &`
}

/** The particulars of a machine of the topology as files of its disk; the NICs are found by name. Throws for a NIC with DHCP. */
export function linuxParticulars({ name, machine }: ImageInput): Record<string, ImageFile> {
  const nics = Object.entries(machine.nics).map(([network, nic], index): NicConfig => {
    const address = first4(nic)
    if (address === undefined) throw new Error(`machine ${name}: expected an address on ${network}, got dhcp`)
    const given = first4(machine.gateway)
    const gateway = given !== undefined && holds(address, given) ? { gateway: given } : {}
    const [address6, given6] = [first6(nic), first6(machine.gateway)]
    const six = { ...(address6 && { address6 }), ...(address6 && given6 && { gateway6: given6 }) }
    return { name: `eth${index}`, mac: null, address, dhcp: false, ...gateway, ...six }
  })
  const particulars: Particulars = { network: { nics, nameservers: [] }, meta: { hostname: name, instanceId: name } }
  return particularsOnDisk(particulars)
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
  const address = Object.values(nics)
    .map(first4)
    .find((each) => each !== undefined)
  return address?.split('/')[0]
}

function holds(cidr: string, address: string): boolean {
  const [own = '', prefix = '32'] = cidr.split('/')
  const shift = 2 ** (32 - Number(prefix))
  return Math.floor(numberOf(own) / shift) === Math.floor(numberOf(address) / shift)
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0)
}

// Nobody can log in before the keys are in place. The last `wait` makes PID 1 collect the orphans of all sessions.
const boot = `# runs as the first process of the machine
${powerOffTrap('kill -s TERM -- -1; sleep 0.2')}
/opt/firedrill/bin/node /opt/firedrill/images/cloud-init/main.*s >>/var/log/cloud-init.log 2>&1
${startAgent}
sh /etc/firedrill/console &
mkdir -p /run/sshd
. /etc/firedrill/services
wait
`

const sshServer = '/usr/sbin/sshd -D -e -o PidFile=none 2>/var/log/sshd.log &'

// A lease never takes the default route away from a machine that has one.
const dhclientScript = `#!/bin/sh
# called by dhclient
case $reason in
PREINIT)
  ip link set dev "$interface" up
  ;;
BOUND | RENEW | REBIND | REBOOT)
  ip address replace "$new_ip_address/$new_subnet_mask" brd + dev "$interface"
  [ -z "$new_routers" ] || ip route add default via "\${new_routers%% *}" dev "$interface" 2>/dev/null
  ;;
EXPIRE | FAIL | RELEASE | STOP)
  ip address flush dev "$interface"
  ;;
esac
exit 0
`
