import { hostOf, prefixOf } from '../address.ts'
import { reveal } from '../material.ts'
import { uuidOf } from './section.ts'
import type { Section } from './section.ts'
import { addressOn, interfaceOn } from './subject.ts'
import type { Subject } from './subject.ts'

/** The CARP addresses. Both nodes get the same ones, with a skew each; configuration sync leaves them alone (`nosync`). */
export function virtualIpSection(subject: Subject): Section {
  const { lab, machine, material } = subject
  const vips = lab.pair.vips.flatMap((vip) => {
    const on = interfaceOn(subject, vip.network)
    if (on === undefined) return []
    return [
      {
        '@uuid': uuidOf(lab.lab, 'vip', String(vip.vhid), vip.network),
        interface: on.key,
        mode: 'carp',
        subnet: hostOf(vip.address),
        subnet_bits: String(prefixOf(vip.address)),
        noexpand: '0',
        nobind: '0',
        nosync: '1',
        password: reveal(vip.password, material.secrets),
        vhid: String(vip.vhid),
        advbase: String(vip.advbase),
        advskew: String(vip.skew[machine] ?? 0),
        descr: `${vip.network.toUpperCase()} VIP`,
      },
    ]
  })
  return { '@version': '1.0.0', vip: vips }
}

/** State sync on both nodes; configuration sync only on the node that it starts from: on both they would overwrite each other. */
export function hasyncSection(subject: Subject): Section {
  const { lab, peer } = subject
  return {
    '@version': '1.0.2',
    disablepreempt: lab.pair.preempt ? '0' : '1',
    disconnectppps: '0',
    pfsyncversion: '1400',
    ...stateSync(subject, peer),
    ...configSync(subject, peer),
  }
}

function stateSync(subject: Subject, peer: string): Section {
  const network = subject.lab.pair.stateSync?.network
  const on = network === undefined ? undefined : interfaceOn(subject, network)
  if (network === undefined || on === undefined) return {}
  return { pfsyncinterface: on.key, pfsyncpeerip: addressOn(subject.lab, peer, network) ?? '' }
}

function configSync({ lab, machine, material }: Subject, peer: string): Section {
  const sync = lab.pair.configSync
  if (sync === undefined || sync.from !== machine) return {}
  return {
    synchronizetoip: addressOn(lab, peer, sync.network) ?? '',
    verifypeer: '0',
    username: 'root',
    password: material.rootPassword,
    syncitems: 'aliases,rules,nat,dnsmasq',
  }
}
