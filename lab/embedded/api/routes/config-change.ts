import type { Caller } from '../../access/access.ts'
import type { Cluster } from '../../cluster.ts'
import { configKeys, splitList } from '../../vm/config-keys.ts'
import type { ConfigChange } from '../../vm/configure.ts'
import { parseNic } from '../../vm/nic-string.ts'
import type { Vm } from '../../vm/vm.ts'
import { assertPrivilege, isRoot } from '../permission.ts'
import { parameterRefusal } from '../reply.ts'

/** What the parameters of a write to a configuration ask for. Refuses keys that are root's alone. */
export function configChange(caller: Caller, parameters: Readonly<Record<string, unknown>>): ConfigChange {
  const values = new Map<string, string>()
  for (const [key, value] of Object.entries(parameters)) {
    if (!isConfigKey(key)) continue
    if (typeof value === 'boolean') values.set(key, String(Number(value)))
    if (typeof value === 'string' || typeof value === 'number') values.set(key, String(value))
  }
  const deletes = splitList(typeof parameters['delete'] === 'string' ? parameters['delete'] : '')
  const reverts = splitList(typeof parameters['revert'] === 'string' ? parameters['revert'] : '')
  for (const key of [...deletes, ...reverts]) {
    if (!isConfigKey(key)) throw parameterRefusal({ delete: `unknown setting '${key}'\n` })
    if (values.has(key)) throw parameterRefusal({ [key]: `unable to modify and delete '${key}' at the same time` })
  }
  for (const key of ['args', 'lock', 'hookscript']) {
    if (!isRoot(caller) && (values.has(key) || deletes.includes(key)))
      throw new Error(`only root can set '${key}' config`)
  }
  return { values, deletes, reverts }
}

function isConfigKey(key: string): boolean {
  return key in configKeys || key.replace(/\d+$/, '[n]') in configKeys
}

const privilegeOf: readonly (readonly [RegExp, string])[] = [
  [/^net\d+$/, 'VM.Config.Network'],
  [/^(cores|sockets|cpu|cpulimit|cpuunits|vcpus|numa\d*|smp|affinity)$/, 'VM.Config.CPU'],
  [/^(memory|balloon|shares|hugepages|keephugepages|allow-ksm)$/, 'VM.Config.Memory'],
  [/^(scsi|virtio|sata|ide|unused)\d+$|^(efidisk0|tpmstate0|bootdisk)$/, 'VM.Config.Disk'],
  [/^(ci.*|ipconfig\d+|nameserver|searchdomain|sshkeys)$/, 'VM.Config.Cloudinit'],
  [
    /^(vga|machine|bios|ostype|scsihw|serial\d+|parallel\d+|usb\d+|hostpci\d+|audio0|rng0|arch|kvm|acpi|watchdog|ivshmem|virtiofs\d+)$/,
    'VM.Config.HWType',
  ],
]

/** Refuses with 403 who may not change one of the keys; NICs also need the use of their old and new bridge. */
export function assertConfigPrivileges(
  cluster: Cluster,
  caller: Caller,
  { config, vmid }: Pick<Vm, 'config' | 'vmid'>,
  changes: readonly (readonly [string, string])[],
  pool?: string,
): void {
  const anchor = pool === undefined ? `/vms/${vmid}` : `/pool/${pool}`
  for (const [key, value] of changes) {
    assertPrivilege(cluster, caller, anchor, [privilegeFor(key, value)])
    if (key === 'startup') assertPrivilege(cluster, caller, '/', ['Sys.Modify'])
    if (!/^net\d+$/.test(key)) continue
    for (const text of [config[key], value]) {
      const parsed = text ? parseNic(key, text) : undefined
      const bridge = parsed && 'nic' in parsed ? parsed.nic.bridge : undefined
      if (bridge !== undefined) assertPrivilege(cluster, caller, bridgePath(cluster, bridge), ['SDN.Use'])
    }
  }
}

/** Where the right to use a bridge is granted: plain bridges are in a zone of their own. */
export function bridgePath({ sdn }: Cluster, bridge: string): string {
  const zone = sdn.applied.vnets.get(bridge)?.['zone'] ?? sdn.draft.vnets.get(bridge)?.['zone']
  return `/sdn/zones/${zone ?? 'localnetwork'}/${bridge}`
}

function privilegeFor(key: string, value: string): string {
  if (/media=cdrom|:cloudinit/.test(value) && /^(ide|sata|scsi)\d+$/.test(key)) {
    return /cloudinit/.test(value) ? 'VM.Config.Cloudinit' : 'VM.Config.CDROM'
  }
  return privilegeOf.find(([pattern]) => pattern.test(key))?.[1] ?? 'VM.Config.Options'
}
