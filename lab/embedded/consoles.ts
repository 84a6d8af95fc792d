import type { Topology } from '../topologies/topology.ts'
import type { Cluster } from './cluster.ts'
import { openRelay, type Console } from './relay.ts'
import { createSshKey, type SshKey } from './ssh-key.ts'
import { nameOf } from './vm/vm.ts'

/** Where a machine answers: SSH, and for a firewall its HTTPS. */
type MachineAccess = { ssh: { host: string; port: number; hostKey: string }; api?: { url: string } }

/** Loopback ports to the machines that a topology names, whether their VMs exist yet or not. */
export type Consoles = {
  /** By machine name; machines of instance K > 0 as `<machine>-i<K>`. */
  addresses: Record<string, MachineAccess>
  /** The host key kept for a VM of this name; a fresh one for any other. */
  hostKeyOf: (vmName: string) => SshKey
  /** The machine of the topology that a VM of this name is. */
  machineOf: (vmName: string) => string | undefined
  close: () => Promise<void>
}

/** The name of the VM that is a machine of a lab's instance. */
export function vmName(lab: string, instance: number, machine: string): string {
  return `${lab}${instance === 0 ? '' : `-i${instance}`}-${machine}`
}

/** Opens a port for every machine of `instances` labs. A connection waits for a machine that boots and closes at once for one that is off. */
export async function openConsoles(
  cluster: Cluster,
  { topology, instances }: { topology: Topology; instances: number },
): Promise<Consoles> {
  const keys = new Map<string, SshKey>()
  const machines = new Map<string, string>()
  const addresses: Consoles['addresses'] = {}
  const closers: (() => Promise<void>)[] = []
  for (let instance = 0; instance < instances; instance += 1) {
    for (const [machine, { image }] of Object.entries(topology.machines)) {
      const name = vmName(topology.lab, instance, machine)
      const hostKey = createSshKey()
      keys.set(name, hostKey)
      machines.set(name, machine)
      const ssh = { host: '127.0.0.1', port: await open(name, 'serial'), hostKey: hostKey.publicKey }
      const key = instance === 0 ? machine : `${machine}-i${instance}`
      addresses[key] = isFirewall(image)
        ? { ssh, api: { url: `https://127.0.0.1:${await open(name, 'https')}` } }
        : { ssh }
    }
  }
  return {
    addresses,
    hostKeyOf: (name) => keys.get(name) ?? createSshKey(),
    machineOf: (name) => machines.get(name),
    close: async () => void (await Promise.all(closers.map((close) => close()))),
  }

  async function open(name: string, socket: SocketName): Promise<number> {
    const relay = await openRelay(() => locate(cluster, name, socket))
    closers.push(relay.close)
    return relay.port
  }
}

/** The sockets in a machine's /run that lead to its SSH server and to the HTTPS of a firewall. */
type SocketName = 'serial' | 'https'

function isFirewall(image: string): boolean {
  return /^(opnsense|pfsense)-/.test(image)
}

function locate({ vms }: Cluster, name: string, socket: SocketName): Console {
  const vm = [...vms.values()].find((each) => nameOf(each) === name)
  if (vm?.running) return { state: 'on', path: `/proc/${vm.running.machine.pid}/root/run/${socket}.sock` }
  return { state: vm !== undefined && vm.awaitedStarts > 0 ? 'booting' : 'off' }
}
