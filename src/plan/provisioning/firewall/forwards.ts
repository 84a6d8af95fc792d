import { hostOf } from '../address.ts'
import { addressOf, interfaceOn, vipOn } from './subject.ts'
import type { Interface, Subject } from './subject.ts'

/** A port of a firewall's address that leads to a machine inside. */
export interface Forward {
  on: Interface
  /** The shared address; the firewall's own where the network has none. */
  address: string
  protocol: 'tcp' | 'udp'
  port: number
  target: string
  targetPort: number
  /** For people, like `wan 2222 to client:22`. */
  what: string
}

/** The port forwards of the pair. */
export function forwardsOf(subject: Subject): Forward[] {
  return (subject.lab.pair.forwards ?? []).flatMap(({ network, protocol, port, to }) => {
    const on = interfaceOn(subject, network)
    if (on === undefined) return []
    const [machine = '', targetPort] = to.split(':')
    const address = hostOf(vipOn(subject, network)?.address ?? on.nic.address ?? '')
    const target = addressOf(subject, machine)
    return [
      { on, address, protocol, port, target, targetPort: Number(targetPort), what: `${network} ${port} to ${to}` },
    ]
  })
}
