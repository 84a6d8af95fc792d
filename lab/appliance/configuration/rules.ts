import type { Family } from '../carp/vhid.ts'
import type { FilterRule, ForwardRule, OutboundNat, OutboundRule } from '../pf/rule.ts'
import { oneLine } from './interfaces.ts'
import { readEnd, type RuleNames } from './rule-end.ts'
import type { Section } from './section.ts'

const actions = new Map<string, FilterRule['action']>([
  ['pass', 'pass'],
  ['block', 'block'],
  ['reject', 'reject'],
])
const families = new Map<string, Family[]>([
  ['', ['inet']],
  ['inet', ['inet']],
  ['inet6', ['inet6']],
  ['inet46', ['inet', 'inet6']],
])
const protocols = new Map(
  ['tcp', 'udp', 'tcp/udp', 'icmp', 'ipv6-icmp', 'esp', 'ah', 'gre', 'igmp', 'ospf', 'carp', 'pfsync'].map((name) => [
    name,
    name,
  ]),
)
const forwarded = new Map(['tcp', 'udp', 'tcp/udp'].map((name) => [name, name]))

/** The filter rules in the order in which they count; undefined without the section, that is without any decision. */
export function readFilter(root: Section, names: RuleNames): FilterRule[] | undefined {
  if (root.all('filter').length === 0) return undefined
  const found = root
    .at('filter')
    .all('rule')
    .filter((each) => !each.isOn('disabled', names.flavour))
  const read = found.flatMap((section) => {
    const rule = readRule(section, names)
    return rule === undefined
      ? []
      : [
          {
            rule,
            isFloating: section.isSet('floating'),
            isQuick: section.text('quick') !== '0' && (section.isSet('quick') || !section.isSet('floating')),
          },
        ]
  })
  const rules = (wanted: (each: (typeof read)[number]) => boolean) => read.filter(wanted).map(({ rule }) => rule)
  // Of floating rules that are not quick the last one that fits decides, if nothing quick did.
  return [
    ...rules(({ isFloating, isQuick }) => isFloating && isQuick),
    ...rules(({ isFloating }) => !isFloating),
    ...rules(({ isFloating, isQuick }) => isFloating && !isQuick).toReversed(),
  ]
}

/** Outbound NAT: automatic without the section. */
export function readOutbound(section: Section, names: RuleNames): OutboundNat {
  const mode = section.text('mode') || 'automatic'
  if (!['automatic', 'hybrid', 'advanced', 'disabled'].includes(mode)) {
    section.refuse('mode', 'automatic, hybrid, advanced or disabled')
  }
  const isManual = mode === 'hybrid' || mode === 'advanced'
  const rules = section.all('rule').filter((each) => isManual && !each.isOn('disabled', names.flavour))
  return {
    isAutomatic: mode !== 'advanced' && mode !== 'disabled',
    rules: rules.flatMap((each) => readOutboundRule(each, names) ?? []),
  }
}

/** Port forwards. */
export function readForwards(section: Section, names: RuleNames): ForwardRule[] {
  const rules = section.all('rule').filter((each) => !each.isOn('disabled', names.flavour))
  return rules.flatMap((each) => readForward(each, names) ?? [])
}

function readRule(section: Section, names: RuleNames): FilterRule | undefined {
  const action = section.known('type', actions)
  const interfaces = readKeys(section, names)
  const ofFamilies = section.known('ipprotocol', families)
  const protocol =
    section.isSet('protocol') && section.text('protocol') !== 'any' ? section.known('protocol', protocols) : ''
  const [source, destination] = [readEnd(section.at('source'), names), readEnd(section.at('destination'), names)]
  const gateway = readGateway(section, names)
  if (action === undefined || interfaces === undefined || ofFamilies === undefined) return undefined
  if (protocol === undefined || source === undefined || destination === undefined || gateway === undefined)
    return undefined
  return {
    action,
    interfaces,
    families: ofFamilies,
    ...(protocol !== '' && { protocol }),
    source,
    destination,
    ...(gateway !== '' && { gateway }),
    log: section.isOn('log', names.flavour),
    description: oneLine(section.text('descr')),
  }
}

function readGateway(section: Section, { gateways }: RuleNames): string | undefined {
  const name = section.text('gateway')
  if (name === '' || name === 'default') return ''
  return section.known('gateway', new Map(gateways.map((each) => [each, each])))
}

function readOutboundRule(section: Section, names: RuleNames): OutboundRule | undefined {
  const key = section.known('interface', new Map(names.keys.map((each) => [each, each])))
  const protocol =
    section.isSet('protocol') && section.text('protocol') !== 'any' ? section.known('protocol', protocols) : ''
  const source = readEnd(section.at('source'), names, section.text('sourceport'))
  const destination = readEnd(section.at('destination'), names, section.text('dstport'))
  const target = readTarget(section, names)
  if (key === undefined || protocol === undefined || source === undefined || destination === undefined) return undefined
  if (target === undefined) return undefined
  const description = oneLine(section.text('descr'))
  return { key, ...(protocol !== '' && { protocol }), source, destination, target, description }
}

function readTarget(section: Section, { flavour }: RuleNames): OutboundRule['target'] | undefined {
  if (section.isOn('nonat', flavour)) return { kind: 'none' }
  if (section.text('target') === '') return { kind: 'interface' }
  const address = section.anyAddress('target')
  return address === undefined ? undefined : { kind: 'address', address }
}

function readForward(section: Section, names: RuleNames): ForwardRule | undefined {
  const interfaces = readKeys(section, names)
  const protocol = section.known('protocol', forwarded)
  const [source, destination] = [readEnd(section.at('source'), names), readEnd(section.at('destination'), names)]
  const target = section.anyAddress('target')
  const port = section.whole('local-port', 1, 65_535)
  if (interfaces === undefined || protocol === undefined || target === undefined || port === undefined) return undefined
  if (source === undefined || destination === undefined) return undefined
  if (destination.ports === undefined) return section.at('destination').refuse('port', 'a port')
  const isPassed = section.text('associated-rule-id') === 'pass'
  return {
    interfaces,
    protocol,
    source,
    destination,
    target,
    port,
    isPassed,
    description: oneLine(section.text('descr')),
  }
}

function readKeys(section: Section, { keys }: RuleNames): string[] | undefined {
  const wanted = section.text('interface').split(',').filter(Boolean)
  if (wanted.length === 0 && section.isSet('floating')) return []
  if (wanted.length > 0 && wanted.every((each) => keys.includes(each))) return wanted
  return section.refuse('interface', `one of ${keys.join(', ') || 'none'}`)
}
