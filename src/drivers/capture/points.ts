import type { Lab } from '../../model/lab.ts'

/** Where advertisements are listened for: on a machine inside, or on the tap of a firewall at the hypervisor's node. */
export interface CapturePoint {
  /** Its name in the recording, and of its file. */
  point: string
  network: string
  /** Of `machine`, its NIC on the network, counted from 0. */
  index: number
  machine: string
  /** True where the tap of that NIC is meant. */
  isTap: boolean
}

/** All points of a lab from which something of its virtual addresses can be heard: the vantage machines, and with the node's shell the taps of the pair. */
export function capturePoints(lab: Lab, vantages: readonly string[], hasNodeShell: boolean): CapturePoint[] {
  const networks = [...new Set(lab.pair.vips.map(({ network }) => network))]
  const firewalls = hasNodeShell ? [lab.pair.primary, lab.pair.secondary] : []
  return networks.flatMap((network) => [
    ...vantages.flatMap((machine) => pointOf(lab, machine, network, false)),
    ...firewalls.flatMap((machine) => pointOf(lab, machine, network, true)),
  ])
}

function pointOf(lab: Lab, machine: string, network: string, isTap: boolean): CapturePoint[] {
  const index = Object.keys(lab.machines[machine]?.nics ?? {}).indexOf(network)
  if (index < 0) return []
  return [{ point: `${network}-${machine}${isTap ? '-tap' : ''}`, network, index, machine, isTap }]
}
