import { connectFirewalls } from '../drivers/firewall/index.ts'
import type { Firewalls } from '../drivers/firewall/index.ts'
import { connectProxmox } from '../drivers/hypervisor/proxmox/index.ts'
import type { ProxmoxVe } from '../drivers/hypervisor/proxmox/index.ts'
import { connectSsh } from '../drivers/shell/ssh/index.ts'
import type { Lab } from '../model/lab.ts'
import type { Target } from '../model/target.ts'
import type { Clock } from '../ports/clock.ts'
import type { Shell } from '../ports/shell.ts'

/** A lab as the drivers see it through its target file. */
export interface Connection extends Firewalls {
  hypervisor: ProxmoxVe
  shell: Shell
  close(): Promise<void>
}

/** Chooses the drivers for a target; the only place that does. `lab` names the machines that are ours to touch, and their images where these are known. */
export async function connect(
  target: Target,
  lab: { name: string; machines: readonly string[]; images?: Readonly<Record<string, string>> },
  clock: Clock,
): Promise<Connection> {
  const hypervisor = await connectProxmox({ target, lab, clock })
  const shell = connectSsh(target)
  const firewalls = connectFirewalls({ shell, images: lab.images ?? {}, access: apisOf(target), clock })
  return {
    hypervisor,
    shell,
    ...firewalls,
    async close() {
      await firewalls.close()
      await shell.close()
      await hypervisor.close()
    },
  }
}

/** The APIs that the target file names, by machine. */
const apisOf = ({ machines }: Target) =>
  Object.fromEntries(
    Object.entries(machines).flatMap(([machine, { api }]) => (api === undefined ? [] : [[machine, api]])),
  )

/** The images of a lab's machines, by which their drivers are chosen. */
export const imagesOf = ({ machines }: Pick<Lab, 'machines'>): Record<string, string> =>
  Object.fromEntries(Object.entries(machines).map(([machine, { image }]) => [machine, image]))
