import type { Nic, NicChanges } from '../../../ports/hypervisor.ts'
import { editProperties, parseProperties } from './property-string.ts'

const macPattern = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i

/** A NIC as its property string says; null where it has no MAC, which no running NIC lacks. */
export function nicOf(text: string): Nic | null {
  const properties = parseProperties(text)
  const byKey = new Map(properties)
  const short = properties.find(([key, value]) => key !== 'macaddr' && macPattern.test(value))
  const model = short?.[0] ?? byKey.get('model')
  const mac = short?.[1] ?? byKey.get('macaddr')
  if (model === undefined || mac === undefined || !macPattern.test(mac)) return null
  return { model, mac, bridge: byKey.get('bridge') ?? null, linkDown: byKey.get('link_down') === '1' }
}

/** The whole string with the changes in it: an undone `link_down` is left out, as the server itself writes it. */
export function editNic(text: string, { linkDown, bridge }: NicChanges): string {
  return editProperties(text, {
    ...(bridge === undefined ? {} : { bridge }),
    ...(linkDown === undefined ? {} : { link_down: linkDown ? '1' : null }),
  })
}
