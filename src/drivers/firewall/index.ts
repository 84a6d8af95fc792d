import type { Clock } from '../../ports/clock.ts'
import type { FirewallRoles, FirewallSource, HaReader, RoleReader, VersionReader } from '../../ports/firewall.ts'
import type { Shell } from '../../ports/shell.ts'
import { type AllRoles, byNode } from './by-node.ts'
import { sshCommander } from './command-line/commander.ts'
import { commandHaReader } from './command-line/ha-reader.ts'
import { heldRoleReader } from './command-line/held-role-reader.ts'
import { commandSystemReader } from './command-line/system-reader.ts'
import { opnsenseAuthorization, opnsenseOverRest } from './opnsense/rest/index.ts'
import { opnsenseOverSsh } from './opnsense/ssh/index.ts'
import { pfsenseAuthorization, pfsenseOverRest } from './pfsense/rest/index.ts'
import { pfsenseOverSsh } from './pfsense/ssh/index.ts'
import { type Product, productFinder } from './products.ts'
import { type RestAccess, restClient } from './rest/client.ts'
import { learnFingerprint } from './rest/fingerprint.ts'
import { shellVersionReader } from './version-reader.ts'

export { readCredentials } from './rest/credentials.ts'
export { learnFingerprint } from './rest/fingerprint.ts'
export { productOfImage } from './products.ts'

/** A lab's firewalls, as its drivers see them. */
export interface FirewallSite {
  shell: Shell
  /** Names of the machines' images, as far as they are known; the others are asked over SSH what they are. */
  images: Readonly<Record<string, string>>
  /** The APIs that the target file names. */
  access: Readonly<Record<string, RestAccess>>
  clock: Clock
}

/** What can be done at a lab's firewalls. */
export interface Firewalls {
  versions: VersionReader
  /** What the kernel says over SSH, the same on either product. */
  haReader: HaReader
  /** Only the roles, over a channel of its own to each node that is held open. */
  roleReader: RoleReader
  /** The best way in for each role: the product's own API for what changes something, the kernel's own words for what is read. */
  firewall: AllRoles
  /** Each way in by itself, so that one can contradict the other; `rest` is absent where the target file names no API. */
  sources: Partial<Record<FirewallSource, FirewallRoles>>
  /** The ways in to a node, best first, by what they are used for. */
  sourcesOf(node: string): { read: FirewallSource; control: FirewallSource }
  close(): Promise<void>
}

/** Chooses the drivers of each node by its product and by what its target file names. */
export function connectFirewalls(site: FirewallSite): Firewalls {
  const { shell, access, images, clock } = site
  const commander = sshCommander(shell, clock)
  const productOf = productFinder(images, commandSystemReader(commander))
  const rest = restRoles(site)
  const ssh = { OPNsense: opnsenseOverSsh(commander, clock), pfSense: pfsenseOverSsh(commander, clock) }
  const bestOf = async (node: string, signal: AbortSignal) => {
    const product = await productOf(node, signal)
    return Object.hasOwn(access, node) ? preferred[product](ssh[product], rest.roles[product]) : ssh[product]
  }
  const hasRest = Object.keys(access).length > 0
  return {
    versions: shellVersionReader(shell),
    haReader: commandHaReader(commander),
    roleReader: heldRoleReader(shell),
    firewall: byNode(bestOf, 'any way in'),
    sources: {
      ssh: byNode(async (node, signal) => ssh[await productOf(node, signal)], 'SSH'),
      ...(hasRest ? { rest: byNode(async (node, signal) => rest.roles[await productOf(node, signal)], 'REST') } : {}),
    },
    sourcesOf: (node) => ({
      read: 'ssh',
      control: Object.hasOwn(access, node) && isOpnsense(images[node]) ? 'rest' : 'ssh',
    }),
    close: rest.close,
  }
}

const isOpnsense = (image: string | undefined) => /^opnsense\b/i.test(image ?? '')

/** An OPNsense is controlled by its API, whose answers name the action; a pfSense by its own sessions. Updates go by the API of either. */
const preferred: Record<Product, (ssh: FirewallRoles, rest: FirewallRoles) => FirewallRoles> = {
  OPNsense: (ssh, rest) => ({ ...ssh, ...only(rest, ['maintenance', 'carpSwitch', 'firmware']) }),
  pfSense: (ssh, rest) => ({ ...ssh, ...only(rest, ['firmware']) }),
}

const only = (roles: FirewallRoles, names: readonly string[]): Partial<FirewallRoles> =>
  Object.fromEntries(Object.entries(roles).filter(([name]) => names.includes(name)))

function restRoles({ shell, access, clock }: FirewallSite) {
  const common = {
    access,
    clock,
    learnFingerprint: (node: string, signal: AbortSignal) => learnFingerprint(shell, node, signal),
  }
  const opnsense = restClient({ ...common, product: 'OPNsense', authorization: opnsenseAuthorization })
  const pfsense = restClient({ ...common, product: 'pfSense', authorization: pfsenseAuthorization })
  return {
    roles: { OPNsense: opnsenseOverRest(opnsense, clock), pfSense: pfsenseOverRest(pfsense, clock) },
    close: async () => {
      await opnsense.close()
      await pfsense.close()
    },
  }
}
