/** Short drills for a kept lab, each with another way to break the pair, some with two at once. */
export const drills: Readonly<Record<string, string>> = {
  'vm-stop': drillOf('vm-stop', [
    '{ name: one, fault: { vm-stop: { on: $master } }, recoverWithin: 4s }',
    '{ name: end, heal: one, recoverWithin: 4s }',
  ]),
  'link-down': drillOf('link-down', [
    '{ name: one, fault: { link-down: { on: $master, network: lan } }, recoverWithin: 4s }',
    '{ name: end, heal: one, recoverWithin: 4s }',
  ]),
  'two-faults': drillOf('two-faults', [
    '{ name: one, fault: { carp-maintenance: { on: $master } }, recoverWithin: 3s }',
    '{ name: two, fault: { link-down: { on: $backup, network: sync } }, recoverWithin: 500ms }',
    '{ name: mend, heal: two, recoverWithin: 500ms }',
    '{ name: end, heal: one, recoverWithin: 4s }',
  ]),
  'carp-drop': drillOf('carp-drop', [
    '{ name: one, fault: { carp-drop: { from: $master, to: $backup } }, recoverWithin: 500ms }',
    '{ name: end, heal: one, recoverWithin: 4s }',
  ]),
  'both-stopped': drillOf('both-stopped', [
    '{ name: one, fault: { vm-stop: { on: $backup } }, recoverWithin: 500ms }',
    '{ name: two, fault: { link-down: { on: client, network: lan } }, recoverWithin: 500ms }',
    '{ name: mend, heal: two, recoverWithin: 500ms }',
    '{ name: end, heal: one, recoverWithin: 4s }',
  ]),
}

function drillOf(name: string, steps: string[]): string {
  return `scenario: torture-${name}
question: Is everything undone, whenever the runner is killed?
red: Something stays broken.
lab: opnsense-single-wan
gate: { cleanFor: 500ms, settleWithin: 60s }
probes:
  outside: { ping: { from: client, to: target, every: 200ms } }
steps:
${steps.map((step) => `  - ${step}\n`).join('')}expect:
  - { metric: one.outage, stream: outside, max: 60s, because: it is not what is asked here }
`
}
