import { demotionFactorOf } from '../pfsync/bulk.ts'
import { type Command, type CommandResult, type Firewall, answer, refuse } from './command.ts'

type Knob = {
  read: (firewall: Firewall) => number | string
  write?: (firewall: Firewall, value: number) => void
}

// Writing the demotion adds the value, as on FreeBSD.
const knobs: Record<string, Knob> = {
  'kern.ostype': { read: () => 'FreeBSD' },
  'kern.hostname': { read: ({ config }) => `${config.hostName}.${config.domain}` },
  'kern.boottime': { read: ({ control }) => formatBootTime(control.system.bootedAt()) },
  'net.inet.carp.ifdown_demotion_factor': { read: ({ speaker }) => speaker.node.ifdownFactor },
  'net.inet.carp.senderr_demotion_factor': { read: ({ speaker }) => speaker.node.senderrFactor },
  'net.inet.carp.demotion': {
    read: ({ speaker }) => speaker.node.demotion,
    write: ({ speaker }, by) => speaker.apply({ kind: 'demote', by, reason: 'sysctl' }),
  },
  'net.inet.carp.log': {
    read: ({ speaker }) => speaker.logLevel,
    write: ({ speaker }, level) => (speaker.logLevel = level),
  },
  'net.inet.carp.preempt': {
    read: ({ speaker }) => Number(speaker.node.preempt),
    write: ({ speaker }, value) => speaker.apply({ kind: 'preempt', preempt: value !== 0 }),
  },
  'net.inet.carp.dscp': { read: () => 56 },
  'net.inet.carp.allow': {
    read: ({ speaker }) => Number(speaker.node.allow),
    write: ({ speaker }, value) => speaker.apply({ kind: 'allow', allow: value !== 0 }),
  },
  'net.pfsync.carp_demotion_factor': { read: ({ config }) => demotionFactorOf(config.flavour) },
}

/** `sysctl [-n] name...`, a subtree, or `name=value`. */
export const sysctl: Command = (firewall, args) => {
  const isBare = args.some((arg) => /^-\w*n/.test(arg))
  const outputs: string[] = []
  for (const arg of args.filter((each) => !each.startsWith('-') || each.includes('='))) {
    const { status, output } = ask(firewall, arg, isBare)
    if (status !== 0) return refuse(`${outputs.join('')}${output}`)
    outputs.push(output)
  }
  return answer(outputs.join(''))
}

function ask(firewall: Firewall, arg: string, isBare: boolean): CommandResult {
  const [name = '', value] = arg.split('=')
  const found = Object.entries(knobs).filter(
    ([knob]) => knob === name || (value === undefined && knob.startsWith(`${name}.`)),
  )
  if (found.length === 0) return refuse(`sysctl: unknown oid '${name}'\n`)
  const [only] = found
  if (value !== undefined && only !== undefined) return write(firewall, only, value, isBare)
  return answer(
    found.map(([knob, { read }]) => (isBare ? `${read(firewall)}\n` : `${knob}: ${read(firewall)}\n`)).join(''),
  )
}

function write(firewall: Firewall, [knob, handle]: [string, Knob], value: string, isBare: boolean): CommandResult {
  if (handle.write === undefined) return refuse(`sysctl: oid '${knob}' is read only\n`)
  if (!/^-?\d+$/.test(value)) return refuse(`sysctl: invalid integer '${value}'\n`)
  const before = handle.read(firewall)
  handle.write(firewall, Number(value))
  return answer(isBare ? `${handle.read(firewall)}\n` : `${knob}: ${before} -> ${handle.read(firewall)}\n`)
}

// `{ sec = 1753561234, usec = 120000 } Sat Jul 26 20:20:34 2025`
function formatBootTime(at: Date): string {
  const [sec, usec] = [Math.floor(at.getTime() / 1000), (at.getTime() % 1000) * 1000]
  const [weekday = '', day = '', month = '', year = '', time = ''] = at.toUTCString().replace(',', '').split(' ')
  return `{ sec = ${sec}, usec = ${usec} } ${weekday} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`
}
