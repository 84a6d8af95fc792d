import { connectFirewalls } from '../drivers/firewall/index.ts'
import { connectProxmox } from '../drivers/hypervisor/proxmox/index.ts'
import type { ProxmoxVe } from '../drivers/hypervisor/proxmox/index.ts'
import { connectSsh } from '../drivers/shell/ssh/index.ts'
import type { Target } from '../model/target.ts'
import type { Clock } from '../ports/clock.ts'
import type { HaReader, VersionReader } from '../ports/firewall.ts'
import type { Shell } from '../ports/shell.ts'

/** A lab as the drivers see it through its target file. */
export interface Connection {
  hypervisor: ProxmoxVe
  shell: Shell
  haReader: HaReader
  versions: VersionReader
  close(): Promise<void>
}

/** Chooses the drivers for a target; the only place that does. `lab` names the machines that are ours to touch. */
export async function connect(
  target: Target,
  lab: { name: string; machines: readonly string[] },
  clock: Clock,
): Promise<Connection> {
  const hypervisor = await connectProxmox({ target, lab, clock })
  const shell = connectSsh(target)
  return {
    hypervisor,
    shell,
    ...connectFirewalls(shell, clock),
    async close() {
      await shell.close()
      await hypervisor.close()
    },
  }
}
