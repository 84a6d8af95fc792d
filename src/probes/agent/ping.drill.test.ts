import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { type AgentLine, parseAgentLine } from '../agent-line.ts'
import { wallOffset } from './wall-clock.mjs'

type Probe = Extract<AgentLine, { type: 'probe' }>

const main = fileURLToPath(new URL('./main.mjs', import.meta.url))
let agent: ChildProcessWithoutNullStreams
let lines: AgentLine[]

afterEach(() => agent.stdin.end())

/** Runs the agent in a network namespace of its own, which ends with it. */
function start(setUp: string, intervals: number[], address = '127.0.0.1'): void {
  lines = []
  const script = `ip link set lo up; ${setUp}; exec "$0" "$1"`
  agent = spawn('unshare', ['-n', 'sh', '-c', script, process.execPath, main])
  createInterface({ input: agent.stdout }).on('line', (text) => {
    const line = parseAgentLine(text)
    if (line.type === 'unreadable') throw new Error(line.reason)
    lines.push(line)
  })
  const rest = { kind: 'ping', address, port: null, timeoutMs: 2000, sessions: 0 }
  const streams = intervals.map((everyMs) => ({ name: `p${everyMs}`, everyMs, ...rest }))
  agent.stdin.write(`${JSON.stringify({ streams })}\n`)
}

async function stop(): Promise<Probe[]> {
  agent.stdin.write('{"stop":true}\n')
  await once(agent, 'close')
  expect(lines.at(-1)).toEqual({ type: 'closed' })
  return lines.filter((line) => line.type === 'probe').toSorted((a, b) => a.seq - b.seq)
}

const failures = () => lines.filter((line) => line.type === 'stream-failed').map(({ reason }) => reason)

/** Drops echo requests on arrival between two instants of wall time, by the kernel's own clock; nft takes whole seconds only. */
const dropBetween = (fromMs: number, toMs: number) =>
  [
    'nft add table inet t',
    "nft add chain inet t i '{ type filter hook input priority 0; }'",
    `nft add rule inet t i meta time ${fromMs / 1000}-${toMs / 1000} icmp type echo-request drop`,
  ].join(' && ')

test('at any interval the bracket from the stamps holds an exact cut of one second', async () => {
  const intervals = [10, 97, 200]
  const cutMs = Math.ceil(Date.now() / 1000 + 1.5) * 1000
  start(dropBetween(cutMs, cutMs + 1000), intervals)
  await delay(cutMs + 1600 - Date.now())
  const { offsetMs } = wallOffset()
  const probes = await stop()
  for (const everyMs of intervals) {
    const stream = probes.filter((probe) => probe.stream === `p${everyMs}`)
    expect(stream.map(({ seq }) => seq)).toEqual([...stream.keys()])
    expectHeld(stream, cutMs - offsetMs)
  }
})

/** fping's own lateness on a busy machine is what blurs the stamps of probes without an answer. */
const toleranceMs = 5

function expectHeld(probes: Probe[], cutMs: number): void {
  const { before, first, last, after } = cutOf(probes)
  expect(before.sentMs).toBeLessThan(cutMs + toleranceMs)
  expect(first.sentMs).toBeGreaterThan(cutMs - toleranceMs)
  expect(last.sentMs).toBeLessThan(cutMs + 1000 + toleranceMs)
  expect(after.sentMs).toBeGreaterThan(cutMs + 1000 - toleranceMs)
  expect(last.sentMs - first.sentMs).toBeLessThan(1000 + toleranceMs)
  expect(after.sentMs - before.sentMs).toBeGreaterThan(1000 - toleranceMs)
}

function cutOf(probes: Probe[]) {
  const first = probes.find(({ receivedMs }) => receivedMs === null)
  const last = probes.findLast(({ receivedMs }) => receivedMs === null)
  const before = probes.findLast(({ seq }) => first !== undefined && seq < first.seq)
  const after = probes.find(({ seq }) => last !== undefined && seq > last.seq)
  if (!first || !last || !before || !after) throw new Error(`no cut in ${probes.length} probes`)
  expect(
    probes.slice(first.seq, last.seq + 1).every(({ receivedMs, error }) => receivedMs === null && error === undefined),
  ).toBe(true)
  return { before, first, last, after }
}

test('probes that cannot be sent are reported as such, at their slots, and sending goes on', async () => {
  const reachable = 'ip route del unreachable 10.9.9.2; ip addr add 10.9.9.2/32 dev lo'
  start(`ip route add unreachable 10.9.9.2; (sleep 1; ${reachable}) >/dev/null 2>&1 & true`, [100], '10.9.9.2')
  await delay(2500)
  const probes = await stop()
  expect(probes.map(({ seq }) => seq)).toEqual([...probes.keys()])
  const unsent = probes.filter(({ error }) => error === 'fping could not send it')
  expect(unsent.length).toBeGreaterThanOrEqual(7)
  expect(unsent.length).toBeLessThanOrEqual(11)
  expect(probes.slice(unsent.length).every(({ receivedMs }) => receivedMs !== null)).toBe(true)
  for (const [index, probe] of probes.entries()) {
    expect(Math.abs(probe.sentMs - (probes[0]?.sentMs ?? 0) - index * 100)).toBeLessThan(30)
  }
})

test('where fping is not installed the stream fails', async () => {
  start('PATH=/nowhere', [100])
  await expect.poll(failures, { timeout: 10_000 }).toEqual([expect.stringContaining('fping is not installed')])
})

test('the end of its input ends the agent and its fping at once', async () => {
  start('true', [100])
  await delay(500)
  const endedAt = performance.now()
  agent.stdin.end()
  await once(agent, 'close')
  expect(performance.now() - endedAt).toBeLessThan(2000)
})
