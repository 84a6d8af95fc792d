/** What streams carry: packets answered one by one, or sessions held open. */
export type StreamClass = 'packets' | 'sessions'
/** What a metric is computed from: a stream, or the roles of the firewalls (then its stream is `pair` or `vhid-<n>`), or all packet streams. */
type MetricClass = StreamClass | 'roles' | 'pair'

export type Unit = 'ms' | 'count'

/** A metric that `expect` and `claims` may name as `<step>.<metric>`. */
export interface MetricKind {
  readonly unit: Unit
  readonly of: MetricClass
  readonly meaning: string
}

/** Every metric there is. An unknown name is refused before anything starts. Definitions: docs/measurement.md. */
export const metricKinds = {
  outage: {
    unit: 'ms',
    of: 'packets',
    meaning: 'time without good answers: sum of all windows of the step, as a bracket',
  },
  span: { unit: 'ms', of: 'packets', meaning: 'from the first impaired probe of the step to the last, as a bracket' },
  takeover: { unit: 'ms', of: 'packets', meaning: 'from the fault itself to the first good answer after it' },
  asymmetry: {
    unit: 'ms',
    of: 'pair',
    meaning: 'between the longest and the shortest outage that packet streams saw in the step',
  },
  configReached: {
    unit: 'ms',
    of: 'pair',
    meaning: 'from a change of the configuration on one firewall until the other has it (fault config-change)',
  },
  syncLatency: {
    unit: 'ms',
    of: 'pair',
    meaning: 'round trip between the firewalls over the network of state sync: 95th percentile (fault sync-ping)',
  },
  lost: { unit: 'count', of: 'packets', meaning: 'probes of the step that were never answered within 2 s' },
  impaired: { unit: 'count', of: 'packets', meaning: 'probes of the step lost or answered too late' },
  misleased: {
    unit: 'count',
    of: 'packets',
    meaning: "leases from outside of their server's pool, or from a firewall that should not have answered first",
  },
  leaked: {
    unit: 'count',
    of: 'packets',
    meaning: 'UDP probes of a machine that must use the tunnel, seen to leave a firewall outside of it',
  },
  sessionsAlive: {
    unit: 'count',
    of: 'sessions',
    meaning: 'sessions older than 5 s at the fault that carried every message, in order, by the deadline',
  },
  youngSessionsAlive: {
    unit: 'count',
    of: 'sessions',
    meaning: 'the same of sessions that were younger than 5 s: their state may not have been shared yet',
  },
  stall: { unit: 'ms', of: 'sessions', meaning: 'longest silence that any session of the stream had to bear' },
  resumeLag: {
    unit: 'ms',
    of: 'sessions',
    meaning: 'from the recovery of the packet streams to the first echo of the slowest session',
  },
  noMaster: { unit: 'ms', of: 'roles', meaning: 'time in which a VHID had no master' },
  dualMaster: { unit: 'ms', of: 'roles', meaning: 'time in which both firewalls were master of a VHID: split brain' },
  garpDelay: {
    unit: 'ms',
    of: 'roles',
    meaning:
      "from a new master's first advertisement to its gratuitous ARP (IPv6: neighbour advertisement); of several the longest",
  },
  moved: {
    unit: 'count',
    of: 'roles',
    meaning: 'VHIDs whose only master at the end of the step is the other firewall than when its fault or heal came',
  },
  alerts: {
    unit: 'count',
    of: 'roles',
    meaning: "lines about role changes in the step that the lab's log collector got",
  },
  unalerted: {
    unit: 'count',
    of: 'roles',
    meaning: 'role changes of the step that a firewall logged and the log collector got no line of',
  },
  strangers: {
    unit: 'count',
    of: 'roles',
    meaning: 'frames on the network of state sync from or to somebody who is none of the two firewalls',
  },
  besideSync: {
    unit: 'count',
    of: 'roles',
    meaning: 'frames on the network of state sync that are neither pfsync nor ARP and neighbour discovery',
  },
  wanClaims: {
    unit: 'count',
    of: 'roles',
    meaning: 'ARP and DHCP messages on a leased WAN by a firewall although the other had been the only master for 3 s',
  },
  mixedRole: { unit: 'ms', of: 'roles', meaning: 'time in which the firewalls were master of different VHIDs' },
} as const satisfies Record<string, MetricKind>

export type MetricName = keyof typeof metricKinds

/** Narrows a string from a file to a metric name. */
export const isMetricName = (name: string): name is MetricName => Object.hasOwn(metricKinds, name)

/** Whether a metric is told of the pair as its worst packet stream saw it, under the stream name `pair`. */
export const isToldOfPair = (metric: MetricName): boolean =>
  metricKinds[metric].of === 'pair' || metric === 'outage' || metric === 'takeover'
