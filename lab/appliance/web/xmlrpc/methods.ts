import type { XmlElement } from '../../configuration/xml.ts'
import { type XmlValue, xmlElement } from '../../configuration/xml-text.ts'
import { type Account, holds } from '../accounts/accounts.ts'
import { basicCredentials, type WebReply, type WebRequest } from '../exchange.ts'
import type { WebFirewall } from '../firewall.ts'
import { profileOf } from '../opnsense/release.ts'
import { versionOf } from '../pfsense/release.ts'
import { parseCall, type RpcCall, type RpcValue, renderFault, renderResponse } from './codec.ts'
import { listServices, restartService } from './services.ts'

const privileges = { opnsense: 'page-xmlrpclibrary', pfsense: 'system-xmlrpc-ha-sync' }

type Method = (firewall: WebFirewall, call: RpcCall) => RpcValue | Promise<RpcValue>

/** `/xmlrpc.php`: what the peer may ask for and do here, with user and password. */
export async function answerRpc(
  firewall: WebFirewall,
  request: WebRequest,
  byPassword: (name: string, password: string) => Account | undefined,
): Promise<WebReply> {
  const credentials = basicCredentials(request)
  const account = credentials && byPassword(credentials.user, credentials.password)
  const { flavour } = firewall.control
  if (account === undefined) return refuse()
  if (!holds(account, privileges[flavour])) return xml(renderFault(-2, 'Authentication failed: not enough privileges'))
  try {
    const call = parseCall(request.body)
    const method = Object.hasOwn(methods[flavour], call.method) ? methods[flavour][call.method] : undefined
    if (method === undefined)
      return xml(renderFault(-32601, `server error. requested method ${call.method} does not exist.`))
    return xml(renderResponse(await method(firewall, call)))
  } catch (error) {
    return xml(renderFault(-1, error instanceof Error ? error.message : String(error)))
  }
}

const methods: Readonly<Record<'opnsense' | 'pfsense', Readonly<Record<string, Method>>>> = {
  opnsense: {
    'opnsense.firmware_version': (firewall) => versionsOf(firewall),
    'opnsense.restore_config_section': restore,
    'opnsense.filter_configure': () => true,
    'opnsense.configd_reload_all_templates': () => true,
    'opnsense.list_services': (firewall) => listServices(firewall),
    'opnsense.start_service': restartService,
    'opnsense.stop_service': restartService,
    'opnsense.restart_service': restartService,
  },
  pfsense: {
    'pfsense.host_firmware_version': ({ control }) => {
      const { version, base, config } = versionOf(control.config.release)
      return { firmware: { version }, kernel: { version: base }, config_version: config }
    },
    'pfsense.restore_config_section': restore,
    'pfsense.merge_installedpackages_section': () => true,
    'pfsense.filter_configure': () => true,
  },
}

/** What OPNsense says of itself to the peer. */
export function versionsOf({ control }: WebFirewall): Record<'firmware' | 'base' | 'kernel', { version: string }> {
  const { release } = control.config
  const { series } = profileOf(release)
  return { firmware: { version: release }, base: { version: series }, kernel: { version: series } }
}

async function restore({ control }: WebFirewall, { params: [sections] }: RpcCall): Promise<boolean> {
  if (typeof sections !== 'object' || isList(sections)) throw new Error('expected sections of a configuration')
  const found = Object.entries(sections).map(([name, value]): XmlElement => xmlElement(name, xmlValue(value)))
  await control.sync.accept(found)
  return true
}

function xmlValue(value: RpcValue): XmlValue {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return value ? '1' : ''
  if (isList(value)) return {}
  const entries = Object.entries(value).map(([name, each]): [string, XmlValue | XmlValue[]] => {
    return [name, isList(each) ? each.map(xmlValue) : xmlValue(each)]
  })
  return Object.fromEntries(entries)
}

function isList(value: RpcValue | undefined): value is readonly RpcValue[] {
  return Array.isArray(value)
}

function refuse(): WebReply {
  const headers = { 'content-type': 'text/plain', 'www-authenticate': 'Basic realm="xmlrpc"' }
  return { status: 401, headers, body: 'Authentication failed: Invalid username or password\n' }
}

function xml(body: string): WebReply {
  return { status: 200, headers: { 'content-type': 'text/xml' }, body }
}
