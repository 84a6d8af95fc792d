import type { FirewallRoles } from '../../../ports/firewall.ts'
import { connectWebGui } from '../../browser/playwright/index.ts'
import { type Commander, sshCommander } from '../command-line/commander.ts'
import { commandRoles } from '../command-line/index.ts'
import { opnsenseAuthorization, opnsenseOverRest } from '../opnsense/rest/index.ts'
import { opnsenseOverSsh } from '../opnsense/ssh/index.ts'
import { pfsenseAuthorization, pfsenseOverRest } from '../pfsense/rest/index.ts'
import { pfsenseOverSsh } from '../pfsense/ssh/index.ts'
import { type RestAccess, type RestClient, restClient } from '../rest/client.ts'
import { readCredentials } from '../rest/credentials.ts'
import { learnFingerprint } from '../rest/fingerprint.ts'
import type { Bench } from './bench.ts'
import type { EmbeddedPair } from './pair.fixture.ts'

/** A way in under test, with its variants for the cases that need one. */
export interface WayIn extends Pick<Bench, 'roles' | 'raced' | 'restricted'> {
  close(): Promise<void>
}

/** How a way in is opened at a pair. */
export type OpenWayIn = (pair: EmbeddedPair) => Promise<WayIn>

const limitMs = 280_000

/** The bench of a pair for one way in. */
export function benchOf(pair: EmbeddedPair, { roles, raced, restricted }: WayIn): Bench {
  const { shell, clock, product, release } = pair
  const signal = AbortSignal.timeout(limitMs)
  const run = async (node: string, command: string) => void (await shell.run(node, command, { signal }))
  const flag = 'virtualip_carp_maintenancemode'
  return {
    product,
    release,
    primary: 'fw1',
    backup: 'fw2',
    roles,
    clock,
    signal,
    ...(raced === undefined ? {} : { raced }),
    ...(restricted === undefined ? {} : { restricted }),
    kernel: commandRoles(sshCommander(shell, clock), clock),
    loseFlag: (node) => run(node, `sed -i 's#<${flag}>[^<]*</${flag}>##; s#<${flag} */>##' /conf/config.xml`),
    demote: (node, by) => run(node, `sysctl net.inet.carp.demotion=${by}`),
  }
}

/** By SSH. */
export const overSsh: OpenWayIn = async ({ product, shell, clock }) => {
  const commander = sshCommander(shell, clock)
  const close = async () => {}
  if (product === 'pfSense') return { roles: pfsenseOverSsh(commander, clock), close }
  const toggled = (script: string) => script === toggle
  const raced: Commander = {
    run: async (node, script, ...rest) => {
      if (toggled(script)) await commander.run(node, script, ...rest)
      return await commander.run(node, script, ...rest)
    },
  }
  return { roles: opnsenseOverSsh(commander, clock), raced: opnsenseOverSsh(raced, clock), close }
}

const toggle = 'configctl interface carp_set_status maintenance'

/** By the product's API. */
export const overRest: OpenWayIn = async (pair) => {
  const own = clientOf(pair, accessOf(pair))
  if (pair.product === 'pfSense') return { roles: pfsenseOverRest(own, pair.clock), close: own.close }
  const looker = clientOf(pair, accessOf(pair, await pair.addRestrictedUser()))
  const toRoles = (client: RestClient): FirewallRoles => opnsenseOverRest(client, pair.clock)
  return {
    roles: toRoles(own),
    raced: toRoles(racedClient(pair, own)),
    restricted: toRoles(looker),
    close: async () => {
      await own.close()
      await looker.close()
    },
  }
}

/** By the pages that people use, in a browser. Its own tests race it: nothing can get in between its look and its press from here. */
export const overWebGui: OpenWayIn = async ({ product, target, shell, clock }) => {
  const access = Object.entries(target.machines).flatMap(([machine, { api }]) => {
    if (api?.credentialsFile === undefined) return []
    const { url, credentialsFile } = api
    const fingerprint = (signal: AbortSignal) => learnFingerprint(shell, machine, signal)
    return [[machine, { product, url, fingerprint, login: () => loginIn(credentialsFile) }] as const]
  })
  const webGui = connectWebGui(Object.fromEntries(access), clock)
  return { roles: webGui, close: webGui.close }
}

async function loginIn(credentialsFile: string): Promise<{ user: string; password: string }> {
  const { login } = await readCredentials(credentialsFile)
  if (login === null) throw new Error(`expected a login in ${credentialsFile}`)
  return login
}

function clientOf({ product, shell, clock }: EmbeddedPair, access: Record<string, RestAccess>): RestClient {
  return restClient({
    product,
    access,
    authorization: product === 'OPNsense' ? opnsenseAuthorization : pfsenseAuthorization,
    learnFingerprint: (node, signal) => learnFingerprint(shell, node, signal),
    clock,
  })
}

function accessOf({ target }: EmbeddedPair, credentialsFile?: string): Record<string, RestAccess> {
  return Object.fromEntries(
    Object.entries(target.machines).flatMap(([machine, { api }]) =>
      api === undefined ? [] : [[machine, { ...api, ...(credentialsFile === undefined ? {} : { credentialsFile }) }]],
    ),
  )
}

/** Somebody else toggles over SSH while the request is on its way. */
function racedClient({ shell }: EmbeddedPair, client: RestClient): RestClient {
  return {
    close: async () => {},
    call: async (node, call, signal) => {
      if (call.path.endsWith('/carp_status/maintenance')) await shell.run(node, toggle, { signal })
      return await client.call(node, call, signal)
    },
  }
}
