import { demotionFactor } from '../pfsync/bulk.ts'
import { type Command, type Firewall, answer, refuse } from './command.ts'

type Knob = { read: (firewall: Firewall) => number; write?: (firewall: Firewall, value: number) => void }

// Writing the demotion adds the value, as on FreeBSD.
const knobs: Record<string, Knob> = {
  'net.inet.carp.ifdown_demotion_factor': { read: ({ speaker }) => speaker.node.ifdownFactor },
  'net.inet.carp.senderr_demotion_factor': { read: () => 0 },
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
  'net.pfsync.carp_demotion_factor': { read: () => demotionFactor },
}

/** `sysctl [-n] name...`, a subtree, or `name=value`. */
export const sysctl: Command = (firewall, args) => {
  const bare = args.includes('-n')
  const outputs: string[] = []
  for (const arg of args.filter((each) => !each.startsWith('-') || each.includes('='))) {
    const [name = '', value] = arg.split('=')
    const found = Object.entries(knobs).filter(
      ([knob]) => knob === name || (value === undefined && knob.startsWith(`${name}.`)),
    )
    if (found.length === 0) return refuse(`${outputs.join('')}sysctl: unknown oid '${name}'\n`)
    for (const [knob, handle] of found) {
      const before = handle.read(firewall)
      if (value === undefined) {
        outputs.push(bare ? `${before}\n` : `${knob}: ${before}\n`)
        continue
      }
      if (handle.write === undefined) return refuse(`${outputs.join('')}sysctl: oid '${knob}' is read only\n`)
      if (!/^-?\d+$/.test(value)) return refuse(`${outputs.join('')}sysctl: invalid integer '${value}'\n`)
      handle.write(firewall, Number(value))
      outputs.push(bare ? `${handle.read(firewall)}\n` : `${knob}: ${before} -> ${handle.read(firewall)}\n`)
    }
  }
  return answer(outputs.join(''))
}
