import type { FirewallRoles } from '../../ports/firewall.ts'
import { refusal } from './refusal.ts'

/** Every role but the pictures, which only a browser has. */
export type AllRoles = Required<Omit<FirewallRoles, 'pages'>>

/** The roles of the node at hand, which may need to be asked for its product first. */
export type RolesOf = (node: string, signal: AbortSignal) => Promise<FirewallRoles>

/** One set of roles for all nodes: each call goes to the roles of its node, and is refused where that way in lacks them. */
export function byNode(rolesOf: RolesOf, source: string): AllRoles {
  const role = async <Name extends keyof AllRoles>(
    name: Name,
    node: string,
    signal: AbortSignal,
  ): Promise<AllRoles[Name]> => {
    const found: Partial<AllRoles>[Name] = (await rolesOf(node, signal))[name]
    if (found !== undefined) return found
    throw refusal(
      'no-such-role',
      `expected ${node} to do its part of "${names[name]}" by ${source}, which has no means for it`,
    )
  }
  return {
    haReader: { read: async (node, signal) => (await role('haReader', node, signal)).read(node, signal) },
    maintenance: {
      enter: async (node, signal) => (await role('maintenance', node, signal)).enter(node, signal),
      leave: async (node, signal) => (await role('maintenance', node, signal)).leave(node, signal),
    },
    carpSwitch: {
      disable: async (node, signal) => (await role('carpSwitch', node, signal)).disable(node, signal),
      enable: async (node, signal) => (await role('carpSwitch', node, signal)).enable(node, signal),
    },
    carpOverride: {
      forceBackup: async (node, signal) => (await role('carpOverride', node, signal)).forceBackup(node, signal),
      clearDemotion: async (node, signal) => (await role('carpOverride', node, signal)).clearDemotion(node, signal),
    },
    filter: {
      disable: async (node, signal) => (await role('filter', node, signal)).disable(node, signal),
      enable: async (node, signal) => (await role('filter', node, signal)).enable(node, signal),
      isEnabled: async (node, signal) => (await role('filter', node, signal)).isEnabled(node, signal),
    },
    ...otherRoles(role),
  }
}

type Role = <Name extends keyof AllRoles>(name: Name, node: string, signal: AbortSignal) => Promise<AllRoles[Name]>

const otherRoles = (role: Role): Pick<AllRoles, 'stateSync' | 'carpLog' | 'system' | 'configSync' | 'firmware'> => ({
  stateSync: { read: async (node, signal) => (await role('stateSync', node, signal)).read(node, signal) },
  carpLog: {
    entries: async (node, sinceMs, signal) => (await role('carpLog', node, signal)).entries(node, sinceMs, signal),
    clock: async (node, signal) => (await role('carpLog', node, signal)).clock(node, signal),
  },
  system: { read: async (node, signal) => (await role('system', node, signal)).read(node, signal) },
  configSync: {
    trigger: async (primary, signal) => (await role('configSync', primary, signal)).trigger(primary, signal),
    compare: async (primary, backup, signal) =>
      (await role('configSync', primary, signal)).compare(primary, backup, signal),
  },
  firmware: {
    check: async (node, signal) => (await role('firmware', node, signal)).check(node, signal),
    upgrade: async (node, signal) => (await role('firmware', node, signal)).upgrade(node, signal),
    reboot: async (node, signal) => (await role('firmware', node, signal)).reboot(node, signal),
    progress: async (node, signal) => (await role('firmware', node, signal)).progress(node, signal),
  },
})

const names: Record<keyof AllRoles, string> = {
  haReader: 'CARP state',
  maintenance: 'maintenance mode',
  carpSwitch: 'CARP off and on',
  carpOverride: 'forced CARP state',
  filter: 'pf off and on',
  stateSync: 'state sync',
  carpLog: 'CARP log',
  system: 'release and uptime',
  configSync: 'configuration sync',
  firmware: 'firmware',
}
