import { createHash } from 'node:crypto'
import type { Vm, VmConfig } from './vm.ts'

/** Makes the pending values the configuration. */
export function applyPending(vm: Vm): void {
  for (const key of vm.pendingDeletes) delete vm.config[key]
  for (const [key, value] of vm.pending) vm.config[key] = value
  vm.pending.clear()
  vm.pendingDeletes.clear()
}

/** The configuration with the pending values merged in. */
export function mergedConfig(vm: Vm): VmConfig {
  const kept = Object.entries(vm.config).filter(([key]) => !vm.pendingDeletes.has(key))
  return Object.fromEntries([...kept, ...vm.pending])
}

/** Proxmox VE's fingerprint of a configuration, pending values included. */
export function digestOf(vm: Vm): string {
  const text = JSON.stringify([vm.config, [...vm.pending], [...vm.pendingDeletes]])
  return createHash('sha1').update(text).digest('hex')
}

/** Refuses a lost update. */
export function assertDigest(vm: Vm, digest: string | undefined): void {
  if (digest !== undefined && digest !== digestOf(vm)) throw new Error('checksum mismatch (file change by other user?)')
}

const numeric = new Set(
  `acpi allow-ksm autostart balloon ciupgrade cores cpuunits freeze keephugepages kvm localtime migrate_speed numa onboot
  protection reboot shares smp sockets tablet tdf template vcpus`.split(/\s+/),
)

/** A configuration as the API shows it: numbers and flags as numbers, all else as text, secrets hidden. */
export function shownConfig(config: VmConfig): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      if (key === 'cipassword') return [key, '**********']
      return [key, numeric.has(key) ? Number(value) : value]
    }),
  )
}

/** What `pending` answers: every key with its running value and what is to become of it. */
export function pendingList(vm: Vm): { key: string; value?: string; pending?: string; delete?: number }[] {
  const keys = new Set([...Object.keys(vm.config), ...vm.pending.keys()])
  return [...keys].map((key) => {
    const [value, pending] = [vm.config[key], vm.pending.get(key)]
    return {
      key,
      ...(value !== undefined && { value }),
      ...(pending !== undefined && { pending }),
      ...(vm.pendingDeletes.has(key) && { delete: 1 }),
    }
  })
}
