import { z } from 'zod'
import { destinationsOf } from '../../model/destination.ts'
import type { EventOf } from '../../model/event.ts'
import type { Lab } from '../../model/lab.ts'
import type { PlannedVantage } from '../../model/plan.ts'
import { networksBetween } from '../../model/network-path.ts'

type Catch = NonNullable<EventOf<'capture-opened'>['catches']>[number]

/** One capture: on a machine inside, or at the hypervisor's node on the tap of a machine's NIC. */
export interface CapturePoint {
  /** Its name in the recording, and of its file. */
  point: string
  network: string
  /** Of `machine`, its NIC on the network, counted from 0. */
  index: number
  machine: string
  /** True where the tap of that NIC is meant. */
  isTap: boolean
  catches: Catch[]
}

/** From which machine to which a stream goes; `to` is null where the scenario names no machine. */
export interface StreamEnds {
  from: string
  to: string | null
}

const ends = z.object({ to: z.string().optional().catch(undefined), family: z.literal(6).optional().catch(undefined) })

/** Whence and whereto the streams of a plan go. */
export function endsOf(lab: Lab, vantages: readonly PlannedVantage[]): StreamEnds[] {
  return vantages.flatMap(({ machine, streams }) =>
    streams.map(({ use }) => {
      const { to, family = 4 } = ends.parse(use.params)
      return { from: machine, to: to === undefined ? null : (destinationsOf(lab, family)[to]?.machine ?? null) }
    }),
  )
}

/**
 * All captures of a lab: advertisements, ARP and DHCP on every network of the pair that matters, at the vantage machines and with the node's
 * shell at the taps of the pair; the probes at the taps along the way of each stream, without that shell where it begins. What a firewall
 * is told by DHCP passes its tap the other way, as only captures of probes see it.
 */
export function capturePoints(lab: Lab, streams: readonly StreamEnds[], hasNodeShell: boolean): CapturePoint[] {
  const { pair, machines } = lab
  const firewalls = [pair.primary, pair.secondary]
  const vantages = [...new Set(streams.map(({ from }) => from))]
  const virtual = unique(pair.vips.map(({ network }) => network))
  const crossed = unique(streams.flatMap(({ from, to }) => networksBetween(lab, from, to ?? pair.primary)))
  const leased = firewalls.flatMap((machine) =>
    Object.entries(machines[machine]?.nics ?? {}).flatMap(([network, nic]) =>
      typeof nic === 'object' && 'dhcp' in nic ? [network] : [],
    ),
  )
  const pairs = unique([...virtual, ...crossed, ...leased])
  const heard: Catch[] = ['carp', 'arp', 'dhcp']
  const place = (machine: string, network: string, isTap: boolean, catches: Catch[]) =>
    pointOf(lab, { machine, network, isTap, catches })
  const signals = pairs.flatMap((network) => {
    const catches = virtual.includes(network) ? heard : heard.filter((one) => one !== 'carp')
    return [
      ...vantages.flatMap((machine) => (virtual.includes(network) ? place(machine, network, false, catches) : [])),
      ...(hasNodeShell ? firewalls.flatMap((machine) => place(machine, network, true, catches)) : []),
    ]
  })
  const along = hasNodeShell
    ? unique([...streams.flatMap(({ from, to }) => [from, to ?? from]), ...firewalls])
    : vantages
  const probes = crossed.flatMap((network) =>
    along.flatMap((machine) => {
      const isLeased = hasNodeShell && firewalls.includes(machine)
      return place(machine, network, hasNodeShell, isLeased ? ['probes', 'dhcp'] : ['probes'])
    }),
  )
  return [...signals, ...probes, ...(hasNodeShell ? syncLink(lab, virtual) : [])]
}

/** Everything else on the network of state sync, at the taps of the pair; of one that carries addresses of the pair as well, that says nothing. */
function syncLink(lab: Lab, virtual: readonly string[]): CapturePoint[] {
  const { primary, secondary, stateSync } = lab.pair
  if (stateSync === undefined || virtual.includes(stateSync.network)) return []
  return [primary, secondary].flatMap((machine) =>
    pointOf(lab, { machine, network: stateSync.network, isTap: true, catches: ['strangers'] }),
  )
}

type Place = Pick<CapturePoint, 'machine' | 'network' | 'isTap' | 'catches'>

function pointOf(lab: Lab, { machine, network, isTap, catches }: Place): CapturePoint[] {
  const index = Object.keys(lab.machines[machine]?.nics ?? {}).indexOf(network)
  if (index < 0) return []
  const parts = [
    network,
    machine,
    ...(isTap ? ['tap'] : []),
    ...(catches.includes('probes') ? ['probes'] : []),
    ...(catches.includes('strangers') ? ['strangers'] : []),
  ]
  return [{ point: parts.join('-'), network, index, machine, isTap, catches }]
}

const unique = (names: readonly string[]): string[] => [...new Set(names)]
