import { connectWebGui } from '../drivers/browser/playwright/index.ts'
import type { WebGuiAccess } from '../drivers/browser/playwright/index.ts'
import { connectFirewalls, learnFingerprint, productOfImage, readCredentials } from '../drivers/firewall/index.ts'
import type { Firewalls } from '../drivers/firewall/index.ts'
import { connectProxmox } from '../drivers/hypervisor/proxmox/index.ts'
import type { ProxmoxVe } from '../drivers/hypervisor/proxmox/index.ts'
import { connectSsh } from '../drivers/shell/ssh/index.ts'
import type { NodeAccess } from '../faults/fault.ts'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'
import type { Target } from '../model/target.ts'
import type { Clock } from '../ports/clock.ts'
import type { FirewallRoles, FirewallSource, StatusPages } from '../ports/firewall.ts'
import type { TapNames } from '../ports/hypervisor.ts'
import type { Shell } from '../ports/shell.ts'

/** A lab as the drivers see it through its target file. */
export interface Connection extends Firewalls {
  hypervisor: ProxmoxVe
  shell: Shell
  /** The hypervisor's nodes; null where the target file lets nobody in. `openShell`: a connection of one's own to them. */
  node: (NodeAccess & { openShell(): Shell }) | null
  /** What can be done at the firewalls by one way in, or by the best. Throws where the target file has no such way. */
  via(source: FirewallSource | undefined): FirewallRoles
  pages: StatusPages
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
  const node = connectNode(target, hypervisor)
  const firewalls = connectFirewalls({ shell, images: lab.images ?? {}, access: apisOf(target), clock })
  const webgui = connectWebGui(webGuisOf(target, lab.images ?? {}, shell), clock)
  const sources = { ...firewalls.sources, webgui }
  return {
    hypervisor,
    shell,
    node,
    ...firewalls,
    via: (source) => rolesVia(source, firewalls.firewall, sources),
    pages: webgui.pages,
    async close() {
      await webgui.close()
      await firewalls.close()
      await node?.shell.close()
      await shell.close()
      await hypervisor.close()
    },
  }
}

/** The shell of the nodes that the target file lets in to; everything on the lab's wires goes by it. */
function connectNode({ node: name, nodeSsh, nodes = {}, ...target }: Target, taps: TapNames): Connection['node'] {
  if (nodeSsh === undefined) return null
  const machines = { ...nodes, [name]: { ssh: nodeSsh } }
  const others = Object.keys(nodes).filter((node) => node !== name)
  const openShell = () => connectSsh({ ...target, node: name, machines })
  return { name, others, taps, shell: openShell(), openShell }
}

/** The APIs that the target file names, by machine. */
const apisOf = ({ machines }: Target) =>
  Object.fromEntries(
    Object.entries(machines).flatMap(([machine, { api }]) => (api === undefined ? [] : [[machine, api]])),
  )

/** The WebGUIs of the firewalls whose product and API are known. Their certificates are those of the API; who logs in stands in the same file. */
function webGuisOf(
  target: Target,
  images: Readonly<Record<string, string>>,
  shell: Shell,
): Record<string, WebGuiAccess> {
  return Object.fromEntries(
    Object.entries(apisOf(target)).flatMap(([machine, { url, fingerprint, credentialsFile }]) => {
      const product = productOfImage(images[machine] ?? '')
      if (product === null) return []
      const access: WebGuiAccess = {
        product,
        url,
        fingerprint: async (signal) => fingerprint ?? (await learnFingerprint(shell, machine, signal)),
        login: async () => await loginFrom(credentialsFile, machine),
      }
      return [[machine, access]]
    }),
  )
}

async function loginFrom(file: string | undefined, machine: string): Promise<{ user: string; password: string }> {
  const login = file === undefined ? null : (await readCredentials(file)).login
  if (login !== null) return login
  throw new HarnessError(
    `expected user= and password= for the WebGUI of ${machine} in ${file ?? 'a credentials file'}`,
    {
      exitCode: exitCodes.unavailable,
      hint: `set machines.${machine}.api.credentialsFile in the target file`,
    },
  )
}

function rolesVia(
  source: FirewallSource | undefined,
  best: FirewallRoles,
  sources: Partial<Record<FirewallSource, FirewallRoles>>,
): FirewallRoles {
  const roles = source === undefined ? best : sources[source]
  if (roles !== undefined) return roles
  throw new HarnessError(`expected a way in to the firewalls via ${source}, the target file has none`, {
    exitCode: exitCodes.unavailable,
    kind: 'no-such-role',
    hint: 'add machines.<name>.api with url and credentialsFile, or use via: ssh',
  })
}

/** The images of a lab's machines, by which their drivers are chosen. */
export const imagesOf = ({ machines }: Pick<Lab, 'machines'>): Record<string, string> =>
  Object.fromEntries(Object.entries(machines).map(([machine, { image }]) => [machine, image]))
