import { randomBytes } from 'node:crypto'
import { parseProperties, type PropertyFormat } from './property-string.ts'

/** A NIC as `netN` of a configuration says it. */
export type NicConfig = {
  model: string
  mac: string
  bridge?: string
  firewall?: boolean
  linkDown?: boolean
  mtu?: number
  queues?: number
  rate?: number
  tag?: number
  trunks?: string
}

const models =
  `e1000 e1000-82540em e1000-82544gc e1000-82545em e1000e i82551 i82557b i82559er ne2k_isa ne2k_pci pcnet rtl8139 virtio vmxnet3`.split(
    ' ',
  )

const macPattern = /^[a-f0-9][02468ace](:[a-f0-9]{2}){5}$/i

const format: PropertyFormat = {
  model: { required: true, isDefault: true, choices: models },
  ...Object.fromEntries(models.map((model) => [model, { alias: 'macaddr', keyAlias: 'model' }])),
  macaddr: { pattern: macPattern },
  bridge: { pattern: /^[-_.\w]+$/ },
  firewall: { type: 'boolean' },
  link_down: { type: 'boolean' },
  mtu: { type: 'integer', minimum: 1, maximum: 65520 },
  queues: { type: 'integer', minimum: 0, maximum: 64 },
  rate: { type: 'number', minimum: 0 },
  tag: { type: 'integer', minimum: 1, maximum: 4094 },
  trunks: { pattern: /^\d+(-\d+)?(;\d+(-\d+)?)*$/ },
}

/** Reads a NIC string and gives it a random MAC where it has none; or the complaint about it. */
export function parseNic(name: string, text: string): { nic: NicConfig } | { complaint: string } {
  const parsed = parseProperties(name, text, format)
  if ('complaint' in parsed) return parsed
  const { values } = parsed
  const number = (key: string): number | undefined => (values.has(key) ? Number(values.get(key)) : undefined)
  const flag = (key: string): boolean | undefined =>
    values.has(key) ? /^(1|on|yes|true)$/.test(values.get(key) ?? '') : undefined
  const [bridge, trunks] = [values.get('bridge'), values.get('trunks')]
  const [firewall, linkDown] = [flag('firewall'), flag('link_down')]
  const [mtu, queues, rate, tag] = [number('mtu'), number('queues'), number('rate'), number('tag')]
  const nic: NicConfig = {
    model: values.get('model') ?? 'virtio',
    mac: (values.get('macaddr') ?? randomMac()).toUpperCase(),
    ...(bridge !== undefined && { bridge }),
    ...(firewall !== undefined && { firewall }),
    ...(linkDown !== undefined && { linkDown }),
    ...(mtu !== undefined && { mtu }),
    ...(queues !== undefined && { queues }),
    ...(rate !== undefined && { rate }),
    ...(tag !== undefined && { tag }),
    ...(trunks !== undefined && { trunks }),
  }
  return { nic }
}

/** The NIC in Proxmox VE's short form. */
export function printNic({ model, mac, bridge, firewall, linkDown, ...more }: NicConfig): string {
  const { mtu, queues, rate, tag, trunks } = more
  const flags = { bridge, firewall: bit(firewall), link_down: bit(linkDown), mtu, queues, rate, tag, trunks }
  const parts = Object.entries(flags).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]))
  return [`${model}=${mac}`, ...parts].join(',')
}

/** A fresh MAC address with Proxmox VE's own prefix, upper case. */
export function randomMac(): string {
  const bytes = [...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, '0'))
  return `BC:24:11:${bytes.join(':')}`.toUpperCase()
}

/** The NICs of a configuration by number. */
export function nicsOf(config: Readonly<Record<string, string>>): Map<number, NicConfig> {
  const found = new Map<number, NicConfig>()
  for (const [key, text] of Object.entries(config)) {
    const index = /^net(\d+)$/.exec(key)?.[1]
    const parsed = index === undefined ? undefined : parseNic(key, text)
    if (parsed && 'nic' in parsed) found.set(Number(index), parsed.nic)
  }
  return new Map([...found].toSorted(([a], [b]) => a - b))
}

function bit(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : Number(value)
}
