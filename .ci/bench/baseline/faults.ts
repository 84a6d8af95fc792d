/** What is done to the lab while everybody measures. */
export interface BenchFault {
  name: string
  words: string
  /** As in a scenario file. */
  fault: string
  /** What the harness expects of a stream. */
  expect: (stream: string) => string
  /** The longest outage with which that passes, ms. */
  maxMs: number
  /** How long the pair is left alone afterwards. */
  restMs?: number
  /** The script gives its own commands; the drill beside it does nothing. */
  isOwn?: true
}

/** A step that changes nothing but a file on the client. */
const mark = (name: string): string => {
  const file = `/run/baseline-${name}`
  return `{ command: { on: client, run: 'touch ${file}', proof: 'test -e ${file}', undo: 'rm -f ${file}', undone: 'test ! -e ${file}' } }`
}

const crash = (stream: string): string =>
  `  - { metric: failover.outage, stream: ${stream}, max: 4500ms, because: 'CARP: 3.41 s; the rest are probe intervals' }`
const nothing = (stream: string): string =>
  `  - { metric: failover.lost, stream: ${stream}, max: 0, because: nothing that carries traffic is touched }`
const graceful = (stream: string): string =>
  `  - { metric: failover.outage, stream: ${stream}, max: 1000ms, because: the old master forwards until the new one advertises }`

/**
 * The gateway monitor averages over 60 s: for so long after the link is back new flows leave by the second WAN, whose address is no shared one, so
 * that the next failover ends them.
 */
const monitorMs = 75_000

/** In the order of the table. */
export const benchFaults: readonly BenchFault[] = [
  {
    name: 'power-off',
    words: 'master power off',
    fault: '{ vm-stop: { on: $master } }',
    expect: crash,
    maxMs: 4500,
  },
  {
    name: 'wan-down',
    words: 'WAN link of the master down',
    fault: '{ link-down: { on: $master, network: wan } }',
    expect: crash,
    maxMs: 4500,
    restMs: monitorMs,
  },
  {
    name: 'maintenance',
    words: 'maintenance mode',
    fault: '{ carp-maintenance: { on: $master } }',
    expect: graceful,
    maxMs: 1000,
  },
  {
    name: 'control',
    words: 'control: backup power off',
    fault: '{ vm-stop: { on: $backup } }',
    expect: nothing,
    maxMs: 0,
  },
  {
    name: 'own-command',
    words: "the script's own stop command",
    fault: mark('nothing'),
    expect: nothing,
    maxMs: 0,
    isOwn: true,
  },
]

/** The lab that the script's document describes. */
const benchLab = 'pfsense-dmz'
/** The streams of the harness: at the script's interval, and at one that a busy machine of two cores keeps, with everybody else at work. */
export const streams = [
  { name: 'coarse', words: 'firedrill, ping 200 ms', probe: 'ping', everyMs: 200 },
  { name: 'fine', words: 'firedrill, udp 20 ms', probe: 'udp', everyMs: 20 },
] as const

/**
 * The drill of a fault. The fault stays for 16 s, whatever has recovered, so that the script has come to its own end of waiting before
 * the heal.
 */
export const drillOf = ({ name, fault, expect }: BenchFault): string => `scenario: baseline-${name}
question: What do the harness and others conclude from the same fault?
red: the pair does not do what it is bought for
lab: ${benchLab}
gate: { cleanFor: 5s, settleWithin: 90s }
probes:
${streams.map((stream) => `  ${stream.name}: { ${stream.probe}: { from: client, to: target, every: ${stream.everyMs}ms } }`).join('\n')}
steps:
  - name: failover
    fault: ${fault}
    also: [{ after: 16s, fault: ${mark('held')} }]
    recoverWithin: 40s
  - { name: failback, heal: failover, recoverWithin: 130s }
expect:
${streams.map((stream) => expect(stream.name)).join('\n')}
`

/** The script's own stop command as a step: what the harness says to it before anything starts. */
export const refusedDrill = (fault: BenchFault): string =>
  drillOf({
    ...fault,
    fault:
      "{ command: { on: fw1, run: 'pfSsh.php playback svc stop carp', proof: 'true', undo: 'pfSsh.php playback svc start carp', undone: 'true' } }",
  })
