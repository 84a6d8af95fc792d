import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EmbeddedLab, startEmbeddedLab } from './fixture/embedded-lab.ts'
import { type Connected, type Outcome, prepare, stateOf, tryUnder } from './fixture/fault-board.ts'
import { operations, vmid } from './fixture/operations.ts'

let lab: EmbeddedLab
let connected: Connected
let before: object

beforeAll(async () => {
  lab = await startEmbeddedLab('--nodes', '2')
  connected = await prepare(lab)
  before = await stateOf(lab)
})

afterAll(async () => {
  await connected.driver.close()
  await connected.root.close()
  await lab.end()
})

const html = '<!doctype html><title>502 Bad Gateway</title>'
const everywhere = Object.keys(operations)
const withTasks = everywhere.filter((name) => operations[name]?.task !== undefined)

/** Every switch of the board, and the operations it is tried on; `must` says what is the only right outcome where there is one. */
const board: readonly { switch: string; fault: object; on: readonly string[]; must?: 'succeed' | 'fail' }[] = [
  { switch: 'lost-reply after', fault: { kind: 'lost-reply', when: 'after' }, on: everywhere, must: 'succeed' },
  { switch: 'lost-reply before', fault: { kind: 'lost-reply', when: 'before' }, on: everywhere, must: 'succeed' },
  {
    switch: 'lost-reply for ever',
    fault: { kind: 'lost-reply', when: 'before', times: 0 },
    on: everywhere,
    must: 'fail',
  },
  {
    switch: 'status 596 after',
    fault: { kind: 'status', status: 596, when: 'after' },
    on: everywhere,
    must: 'succeed',
  },
  { switch: 'status 595', fault: { kind: 'status', status: 595, times: 0 }, on: everywhere, must: 'fail' },
  { switch: 'garbled-reply', fault: { kind: 'garbled-reply', body: html, contentType: 'text/html' }, on: everywhere },
  {
    switch: 'garbled-reply of half a JSON',
    fault: { kind: 'garbled-reply', body: '{"data":"UPID:pve2:000' },
    on: everywhere,
  },
  { switch: 'slow-task', fault: { kind: 'slow-task', delayMs: 700 }, on: withTasks, must: 'succeed' },
  { switch: 'task-without-verdict', fault: { kind: 'task-without-verdict' }, on: withTasks, must: 'fail' },
  { switch: 'task-without-verdict, done', fault: { kind: 'task-without-verdict', isDone: true }, on: withTasks },
  {
    switch: 'task-ends with a timeout',
    fault: { kind: 'task-ends', exitStatus: 'got timeout' },
    on: withTasks,
    must: 'fail',
  },
  {
    switch: 'task-ends with warnings',
    fault: { kind: 'task-ends', exitStatus: 'WARNINGS: 2' },
    on: withTasks,
    must: 'succeed',
  },
  {
    switch: 'lock-held for a second',
    fault: { kind: 'lock-held', vmid, forMs: 900 },
    on: ['start', 'stop', 'configure'],
    must: 'succeed',
  },
  {
    switch: 'config-locked',
    fault: { kind: 'config-locked', vmid, lock: 'backup' },
    on: ['start', 'stop'],
    must: 'fail',
  },
  {
    switch: 'node-frozen',
    fault: { kind: 'node-frozen', node: 'pve2', delayMs: 200 },
    on: ['start', 'stop', 'create', 'clone', 'configure'],
    must: 'fail',
  },
  {
    switch: 'node-down',
    fault: { kind: 'node-down', node: 'pve2', delayMs: 200 },
    on: ['start', 'create', 'clone', 'configure'],
    must: 'fail',
  },
  {
    switch: 'quorum-lost',
    fault: { kind: 'quorum-lost' },
    on: ['create', 'clone', 'configure', 'pool', 'networks', 'networks away'],
    must: 'fail',
  },
  { switch: 'quorum-lost', fault: { kind: 'quorum-lost' }, on: ['stop'], must: 'succeed' },
  { switch: 'reload-fails', fault: { kind: 'reload-fails', node: 'pve2' }, on: ['networks'], must: 'fail' },
]
/** The full tier tries everything; otherwise what a drill does to a machine, and what only networks meet. */
const isFull = process.env['FIREDRILL_TIER'] === 'full'
const isTried = (name: string) => isFull || name === 'start' || name === 'stop'
const cases = board.flatMap(({ on, ...one }) =>
  on.filter((name) => isTried(name) || on.length === 1).map((name) => ({ ...one, name })),
)

test.for(cases)('$switch: $name is done once or not at all, and what is said of it is true', async (tried) => {
  const outcome = await tryUnder(lab, connected, tried.name, tried.fault)
  expect(complaintsOf(outcome, tried)).toEqual([])
  expect(await stateOf(lab)).toEqual(before)
})

/** What is wrong with an outcome; nothing where all is as it has to be. */
function complaintsOf(
  { failure, isDone, tasks, hits }: Outcome,
  { name, fault, must }: (typeof cases)[number],
): string[] {
  const said = failure === null ? 'succeed' : 'fail'
  const message = failure?.message ?? 'done'
  const ofCalls = 'times' in fault || 'when' in fault
  const most = mostTasks(name, failure !== null)
  const wrongs: [boolean, string][] = [
    [must !== undefined && said !== must, `expected it to ${must}, came: ${message}`],
    [failure === null && !isDone, 'it is said to be done, and is not'],
    [tasks > most, `it was begun ${tasks} times`],
    [isDone && tasks === 0 && operations[name]?.task !== undefined, 'it is done, and nobody has done it'],
    [failure !== null && failure.exitCode !== 69, `exit code ${failure?.exitCode}`],
    [message.includes('\n') || message === '', `not one line: ${message}`],
    [ofCalls && hits === 0, 'the switch was never met'],
  ]
  return wrongs.filter(([isWrong]) => isWrong).map(([, text]) => text)
}

/** What an SDN apply could not do is applied back by tasks of the same kind; networks go in two applies, vnets and then the zone. */
function mostTasks(name: string, isFailed: boolean): number {
  if (name === 'networks') return isFailed ? 3 : 1
  return name === 'networks away' ? 2 : 1
}
