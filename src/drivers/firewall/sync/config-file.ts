import { convert } from 'xmlbuilder2'
import { z } from 'zod'
import { refusal } from '../refusal.ts'
import type { VipEntry } from './vip-differences.ts'

const text = z.union([z.string(), z.number()]).transform(String).catch('')
const vipSchema = z.object({
  mode: text,
  interface: text,
  vhid: text,
  subnet: text,
  subnet_bits: text,
  advbase: text,
  advskew: text,
})
const listOf = <Item>(item: z.ZodType<Item>) => z.union([z.array(item), item.transform((one) => [one])]).catch([])
const rootSchema = z.looseObject({
  virtualip: z.object({ vip: listOf(vipSchema) }).catch({ vip: [] }),
})
const documentSchema = z.union([
  z.object({ opnsense: rootSchema }).transform(({ opnsense }) => opnsense),
  z.object({ pfsense: rootSchema }).transform(({ pfsense }) => pfsense),
])

/** What config sync keeps alike on both nodes, as the configuration file has it. */
export interface SyncedConfig {
  vips: VipEntry[]
  /** Rules and translations, each as text that is the same where they are. */
  sections: Record<'filter' | 'nat', string>
}

/** Parses /conf/config.xml. */
export function parseConfig(node: string, xml: string): SyncedConfig {
  const root = rootOf(node, xml)
  const vips = root.virtualip.vip.filter(({ mode }) => mode === 'carp')
  return {
    vips: vips.map((vip) => ({
      interface: vip.interface,
      vhid: Number(vip.vhid),
      address: `${vip.subnet}/${vip.subnet_bits}`,
      advbase: Number(vip.advbase),
      advskew: Number(vip.advskew),
    })),
    sections: { filter: canonical(root['filter']), nat: canonical(root['nat']) },
  }
}

function rootOf(node: string, xml: string) {
  const parsed = documentSchema.safeParse(documentOf(xml))
  if (parsed.success) return parsed.data
  throw refusal(
    'not-understood',
    `expected the configuration of ${node} as XML under <opnsense> or <pfsense>, came ${xml.length} characters of something else`,
  )
}

/** The parser closes what is open: a file that ends too early would look like one with less in it. */
const isWhole = /<(?:\/(?:opnsense|pfsense)|(?:opnsense|pfsense)\s*\/)>\s*$/

function documentOf(xml: string): unknown {
  if (!isWhole.test(xml)) return null
  try {
    return convert(xml, { format: 'object' })
  } catch {
    return null
  }
}

/** Who wrote what when differs by nature. */
const ownToEach = new Set(['created', 'updated', 'revision', '@uuid', '@version', 'tracker', 'associated-rule-id'])

/** Text that is the same for the same content: keys in order, without what differs by nature. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (key, each: unknown) => {
      if (ownToEach.has(key)) return undefined
      if (typeof each !== 'object' || each === null || Array.isArray(each)) return each
      return Object.fromEntries(Object.entries(each).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    }) ?? ''
  )
}
