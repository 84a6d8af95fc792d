import { Section } from '../../../configuration/section.ts'
import type { JsonObject } from '../../exchange.ts'
import { groupOf, textOf } from '../../form.ts'
import { childOf, withChild, withTexts } from '../../../configuration/xml-edit.ts'
import { hasFeature } from '../release.ts'
import { type Answer, type Call, refuseReadOnly, type Routes } from './endpoint.ts'

/** The settings of state and configuration sync. */
export const hasyncRoutes: Routes = {
  'core/hasync/get': { answer: get },
  'core/hasync/set': { answer: set },
  'core/hasync/reconfigure': { answer: ({ isPost }) => ({ status: isPost ? 'ok' : 'failed' }) },
}

const flags = ['disablepreempt', 'disconnectppps', 'verifypeer']
const texts = ['pfsyncpeerip', 'synchronizetoip', 'username']
const versions: Readonly<Record<string, string>> = {
  '1301': 'FreeBSD 13.x (OPNsense 22.x, 23.x)',
  '1400': 'FreeBSD 14.x (OPNsense 24.x, 25.x)',
  '1500': 'FreeBSD 15.x (OPNsense 26.7+)',
}
const items: Readonly<Record<string, string>> = {
  aliases: 'Aliases',
  certs: 'Certificates',
  dhcpd: 'DHCPD',
  dnsmasq: 'Dnsmasq DNS/DHCP',
  nat: 'NAT',
  openvpn: 'OpenVPN',
  rules: 'Firewall Rules',
  staticroutes: 'Static Routes',
  users: 'Users and Groups',
  virtualip: 'Virtual IPs',
}

function get(call: Call): Answer {
  const { control } = call.firewall
  const section = new Section(control.store.read(), () => undefined).at('hasync')
  const interfaces = Object.fromEntries(control.config.interfaces.map(({ key, description }) => [key, description]))
  const chosen = (names: Readonly<Record<string, string>>, text: string): JsonObject =>
    Object.fromEntries(
      Object.entries(names).map(([key, value]) => [key, { value, selected: text.split(',').includes(key) ? 1 : 0 }]),
    )
  return {
    hasync: {
      ...Object.fromEntries(flagsOf(call).map((name) => [name, section.isSet(name) ? '1' : '0'])),
      ...Object.fromEntries(texts.map((name) => [name, section.text(name)])),
      password: '',
      pfsyncinterface: chosen({ '': 'Disabled', ...interfaces }, section.text('pfsyncinterface')),
      pfsyncversion: chosen(versionsOf(call), section.text('pfsyncversion') || '1400'),
      syncitems: chosen(items, section.text('syncitems')),
    },
  }
}

async function set(call: Call): Promise<Answer> {
  if (!call.isPost) return { result: 'failed' }
  const given = groupOf(call.fields, 'hasync')
  const known = [...flagsOf(call), ...texts, 'password', 'pfsyncinterface', 'pfsyncversion', 'syncitems']
  const wanted = Object.fromEntries(
    Object.keys(given).flatMap((name) => (known.includes(name) ? [[name, textOf(given, name)]] : [])),
  )
  const validations = mistakesIn(call, wanted)
  if (Object.keys(validations).length > 0) return { result: 'failed', validations }
  refuseReadOnly(call)
  await call.firewall.control.store.change(
    (root) => withChild(root, withTexts(childOf(root, 'hasync'), wanted)),
    '/api/core/hasync/set made changes',
    call.account.name,
  )
  return { result: 'saved' }
}

function mistakesIn(call: Call, wanted: Readonly<Record<string, string>>): Record<string, string> {
  const interfaces = ['', ...call.firewall.control.config.interfaces.map(({ key }) => key)]
  const choices: Readonly<Record<string, readonly string[]>> = {
    pfsyncinterface: interfaces,
    pfsyncversion: Object.keys(versionsOf(call)),
    ...Object.fromEntries(flagsOf(call).map((name) => [name, ['0', '1']])),
  }
  const wrong = Object.entries(wanted).filter(([name, value]) => choices[name]?.includes(value) === false)
  const strange = (wanted['syncitems'] ?? '').split(',').filter((item) => item !== '' && !Object.hasOwn(items, item))
  return Object.fromEntries([
    ...wrong.map(([name]) => [`hasync.${name}`, 'Option not in list.'] as const),
    ...(strange.length > 0 ? [['hasync.syncitems', 'Option not in list.'] as const] : []),
  ])
}

function flagsOf({ firewall }: Call): string[] {
  return hasFeature(firewall.control.config.release, 'pfsyncDefer') ? [...flags, 'pfsyncdefer'] : flags
}

function versionsOf({ firewall }: Call): Record<string, string> {
  const { '1500': newest = '', ...others } = versions
  return hasFeature(firewall.control.config.release, 'pfsync1500') ? { ...others, '1500': newest } : others
}
