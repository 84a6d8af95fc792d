/** What a statement is about, as far as it decides which rule of the field applies. */
export interface Case {
  /** The kind of the fault, and whether it is begun or healed. */
  kind: string
  action: 'fault' | 'heal'
  metric: string
  /** Whether the pair preempts: otherwise nobody takes over from a master that can still be heard. */
  preempt: boolean
}

/** A rule that explains a figure, and where it stands. */
export interface ReferenceRow {
  id: string
  text: string
  /** Below docs/. */
  where: string
}

const silent = ['vm-stop', 'vm-reset', 'vm-suspend', 'vm-shutdown', 'vm-reboot', 'node-death', 'carp-disable']
const told = ['carp-maintenance', 'carp-force-backup']
const timed = ['outage', 'takeover', 'span', 'lost', 'impaired', 'asymmetry', 'stall', 'resumeLag', 'noMaster']
const sessions = ['sessionsAlive', 'youngSessionsAlive', 'stall', 'resumeLag']
const counts = ['lost', 'impaired']

const carpLimits = 'measurement.md#what-carp-allows'

interface Rule extends ReferenceRow {
  applies(one: Case): boolean
}

const rules: readonly Rule[] = [
  {
    id: 'crash',
    text: 'A master that falls silent is missed after 3 × advbase + skew/256 s from its last advertisement: 2.39-3.41 s at advbase 1, skew 0 and 100; no setting detects it faster than 2 s',
    where: carpLimits,
    applies: ({ kind, action, metric }) => action === 'fault' && silent.includes(kind) && timed.includes(metric),
  },
  {
    id: 'carrier',
    text: "A NIC without carrier: the VIPs of that network wait for the backup's timer, 2.39-3.41 s; all others move at once where the pair preempts",
    where: carpLimits,
    applies: ({ kind, action, metric }) => action === 'fault' && kind.startsWith('link-') && timed.includes(metric),
  },
  {
    id: 'told',
    text: 'Maintenance mode and a forced backup tell the other node: no timer is waited for, and what is lost is lost by the change itself',
    where: carpLimits,
    applies: ({ kind, action, metric, preempt }) =>
      preempt && action === 'fault' && told.includes(kind) && timed.includes(metric),
  },
  {
    id: 'no-preempt',
    text: 'Without preempt=1 a backup takes over from silence alone. Maintenance and the loss of a link demote: the master advertises less often and stays master of every VHID that it can still send for',
    where: 'labs.md#opnsense-no-preempt',
    applies: ({ kind, action, metric, preempt }) =>
      !preempt &&
      action === 'fault' &&
      (kind === 'carp-maintenance' || kind.startsWith('link-')) &&
      [...timed, 'moved', 'mixedRole', 'sessionsAlive'].includes(metric),
  },
  {
    id: 'path',
    text: 'The path behind a NIC is cut and its carrier stays: no demotion, both nodes are master, and CARP has no limit for it',
    where: carpLimits,
    applies: ({ kind, metric }) =>
      ['path-down', 'nic-move', 'carp-drop', 'path-impair'].includes(kind) &&
      [...timed, 'dualMaster', 'mixedRole'].includes(metric),
  },
  {
    id: 'filter-off',
    text: 'pfctl -d turns off filter, NAT and state sync on the node; CARP keeps its state, so nothing moves',
    where: 'faults.md',
    applies: ({ kind }) => kind === 'pf-disable',
  },
  {
    id: 'return',
    text: 'A node that preempts takes over at the first advertisement that it hears; its sessions live where the bulk update of state sync came first',
    where: 'measurement.md#what-a-settled-pair-is',
    applies: ({ action, metric }) => action === 'heal' && [...timed, ...sessions].includes(metric),
  },
  {
    id: 'count',
    text: 'k lost probes at the interval T are an outage of more than (k-1)T and less than (k+1)T: at 200 ms, 2-4 s are 9 to 21 lost, and 1-3 lost are 0-0.8 s',
    where: 'measurement.md#metrics',
    applies: ({ metric }) => counts.includes(metric),
  },
  {
    id: 'sessions',
    text: 'A session lives where the other node has its state and forwards under the same address; silence without an error is the sign of a lost state, and TCP doubles its waits, up to twice the outage',
    where: 'measurement.md#sessions',
    applies: ({ metric }) => sessions.includes(metric),
  },
  {
    id: 'roles',
    text: 'Who was master is told by polls, advertisements and logs; what none of them proves is not claimed. The log collector answers for each change that a firewall logged',
    where: 'measurement.md#roles',
    applies: ({ metric }) => ['noMaster', 'dualMaster', 'mixedRole', 'moved', 'alerts', 'unalerted'].includes(metric),
  },
  {
    id: 'garp',
    text: 'A new master tells its address by gratuitous ARP; the delay is counted from its first advertisement on the wire',
    where: 'measurement.md#on-the-wire',
    applies: ({ metric }) => metric === 'garpDelay',
  },
]

const anyMetric: ReferenceRow = {
  id: 'metric',
  text: 'How the figure is made, and why its bound is what it is',
  where: 'measurement.md#metrics',
}
const anyInvariant: ReferenceRow = {
  id: 'invariant',
  text: 'What makes a drill unknown, and what makes it fail, whatever its scenario expects',
  where: 'measurement.md#what-makes-a-drill-unknown-and-what-makes-it-fail',
}

/** The rules that explain a figure; the definition of its metric where there is no nearer one. */
export function rowsFor(one: Case | null): ReferenceRow[] {
  if (one === null) return [anyInvariant]
  const found = rules.filter((rule) => rule.applies(one)).map(({ id, text, where }) => ({ id, text, where }))
  return found.length > 0 ? found : [anyMetric]
}
