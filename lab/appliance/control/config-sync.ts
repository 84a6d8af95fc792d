import type { ApplianceConfig } from '../config.ts'
import { childOf, withChild, withTexts } from '../configuration/xml-edit.ts'
import type { XmlElement } from '../configuration/xml.ts'
import type { SystemLog } from '../system/system-log.ts'
import { callPeer, type Peer } from '../web/xmlrpc/client.ts'
import type { RpcValue } from '../web/xmlrpc/codec.ts'
import { refuseOtherVersion } from '../web/xmlrpc/peer-version.ts'
import type { ConfigStore, ConfigSync } from './control.ts'

const skewOfPeer = 100
const mostSkew = 254
const attempts = 4

/** What each item of a sync list is in config.xml; what is not here has nothing to send. */
const sections: Readonly<Record<string, readonly string[]>> = {
  aliases: ['aliases'],
  dhcpd: ['dhcpd'],
  dnsmasq: ['dnsmasq'],
  gateways: ['gateways'],
  ipsec: ['ipsec'],
  nat: ['nat'],
  openvpn: ['openvpn'],
  rules: ['filter'],
  schedules: ['schedules'],
  staticroutes: ['staticroutes'],
  unbound: ['unbound'],
  virtualip: ['virtualip'],
}

/** Config sync as in both products: whole sections over XMLRPC, CARP addresses with skew + 100, for the peer's next boot. */
export function createConfigSync(
  { flavour, release }: Pick<ApplianceConfig, 'flavour' | 'release'>,
  store: ConfigStore,
  log: SystemLog,
): ConfigSync {
  return {
    push: async () => {
      const hasync = childOf(store.read(), 'hasync')
      const host = childOf(hasync, 'synchronizetoip').text
      if (host === '') return { ok: false, message: 'no peer to sync with is configured' }
      const peer = {
        host,
        user: childOf(hasync, 'username').text || 'root',
        password: childOf(hasync, 'password').text,
      }
      try {
        if (flavour === 'pfsense') await refuseOtherVersion(peer, release)
        await callPatiently(peer, `${flavour}.restore_config_section`, [sectionsToSend(store.read())])
        await callPeer(peer, `${flavour}.filter_configure`)
        return { ok: true }
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        log.program('rc.filter_synchronize', `A communications error occurred while attempting to sync: ${message}`)
        return { ok: false, message }
      }
    },
    accept: (received) =>
      store.change((root) => received.reduce(withChild, root), 'Merged in config from the primary node'),
  }
}

/** The sections that `hasync` names, as XMLRPC carries them. */
export function sectionsToSend(root: XmlElement): Record<string, RpcValue> {
  const names = itemsOf(childOf(root, 'hasync')).flatMap((item) => sections[item] ?? [])
  const found = names.map((name) => childOf(root, name)).filter(({ children }) => children.length > 0)
  return Object.fromEntries(found.map((each) => [each.name, valueOf(each.name === 'virtualip' ? forPeer(each) : each)]))
}

// OPNsense lists them, pfSense has a switch for each.
function itemsOf(hasync: XmlElement): string[] {
  const listed = childOf(hasync, 'syncitems').text.split(',')
  const switched = hasync.children.flatMap(({ name, text }) => {
    return name.startsWith('synchronize') && name !== 'synchronizetoip' && text !== '' ? [name.slice(11)] : []
  })
  return [...listed, ...switched]
}

function forPeer(virtualip: XmlElement): XmlElement {
  const own = virtualip.children.filter((vip) => !['1', 'yes'].includes(childOf(vip, 'nosync').text))
  const children = own.map((vip) => {
    const skew = Math.min(Number(childOf(vip, 'advskew').text) + skewOfPeer, mostSkew)
    return childOf(vip, 'mode').text === 'carp' ? withTexts(vip, { advskew: String(skew) }) : vip
  })
  return { ...virtualip, children }
}

function valueOf({ children, text }: XmlElement): RpcValue {
  if (children.length === 0) return text
  const names = [...new Set(children.map(({ name }) => name))]
  return Object.fromEntries(
    names.map((name) => {
      const values = children.filter((child) => child.name === name).map(valueOf)
      return [name, values.length === 1 ? (values[0] ?? '') : values]
    }),
  )
}

async function callPatiently(peer: Peer, method: string, params: RpcValue[]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return void (await callPeer(peer, method, params))
    } catch (error) {
      if (attempt >= attempts) throw error
    }
  }
}
