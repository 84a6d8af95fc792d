import { existsSync, readFileSync } from 'node:fs'
import type { Command, CommandResult, Firewall } from '../commands/command.ts'
import { commands } from '../commands/registry.ts'
import type { Control } from '../control/control.ts'
import { run } from '../system/run.ts'
import type { WebFirewall } from './firewall.ts'
import { type Lease, parseLeases } from './leases.ts'

const leaseFile = '/var/db/dnsmasq.leases'
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/firedrill/bin'

/** The running firewall as its web sites need it. */
export function webFirewall(firewall: Firewall, control: Control): WebFirewall {
  const known = new Map<string, Command>(Object.entries(commands))
  return {
    control,
    run: async (name, args): Promise<CommandResult> => {
      const command = known.get(name)
      return command === undefined ? { status: 127, output: `${name}: Command not found.\n` } : command(firewall, args)
    },
    shell: (line) => run('env', [`PATH=${path}`, 'sh', '-c', line]),
    leases: () => readLeases(control),
    releaseFile: '/conf/release',
  }
}

function readLeases({ config }: Control): Lease[] {
  if (!existsSync(leaseFile)) return []
  return parseLeases(readFileSync(leaseFile, 'utf8'), (address) => {
    const at = config.interfaces.find((each) => isOn(address, each.address))
    return { device: at?.device ?? '', key: at?.key ?? '', description: at?.description ?? '' }
  })
}

function isOn(address: string, cidr: string): boolean {
  const [network = '', prefix = '0'] = cidr.split('/')
  const size = 2 ** (32 - Number(prefix))
  return Math.floor(numberOf(address) / size) === Math.floor(numberOf(network) / size)
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0)
}
