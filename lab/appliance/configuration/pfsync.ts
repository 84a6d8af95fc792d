import type { Flavour, InterfaceConfig, PfsyncConfig } from '../config.ts'
import type { Section } from './section.ts'

const versions = new Map<string, 1301 | 1400 | 1500>([
  ['1301', 1301],
  ['1400', 1400],
  ['1500', 1500],
])

/** State sync: undefined where it is off, or has an interface or peer that cannot be. */
export function readPfsync(
  section: Section,
  interfaces: readonly InterfaceConfig[],
  flavour: Flavour,
): PfsyncConfig | undefined {
  if (!section.isSet('pfsyncinterface')) return undefined
  if (flavour === 'pfsense' && !section.isOn('pfsyncenabled', flavour)) return undefined
  const fixed = interfaces.filter(({ address }) => address !== 'dhcp')
  const device = section.known('pfsyncinterface', new Map(fixed.map((each) => [each.key, each.device])))
  const peer = section.address('pfsyncpeerip')
  if (device === undefined || peer === undefined) return undefined
  const version = section.isSet('pfsyncversion') ? section.known('pfsyncversion', versions) : undefined
  return {
    device,
    peer,
    ...(version !== undefined && { version }),
    ...(section.isSet('pfsyncdefer') && { defer: true }),
  }
}
