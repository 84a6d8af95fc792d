import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { parseAgentLine } from '../agent-line.ts'

const root = join(import.meta.dirname, '..', '..', '..')

/** What the agent told of one probe. */
interface Told {
  stream: string
  seq: number
  sentMs: number
  dueMs: number
  receivedMs: number | null
  reflected: number | null
}

function toldIn(text: string): Told[] {
  const line = parseAgentLine(text)
  if (line.type === 'probe') return [{ ...line, dueMs: line.dueMs ?? Number.NaN, reflected: line.reflected ?? null }]
  if (line.type !== 'answers') return []
  const { stream, seqs, sentMs, dueMs, receivedMs, reflected } = line
  return seqs.map((seq, row) => ({
    stream,
    seq,
    sentMs: sentMs[row] ?? Number.NaN,
    dueMs: dueMs[row] ?? Number.NaN,
    receivedMs: receivedMs[row] ?? Number.NaN,
    reflected: reflected[row] ?? null,
  }))
}

/** A network of its own with a reflector and the agent in it; while the agent runs, the loopback device goes down for a while. */
const script = `
ip link set lo up
"$NODE" ${join(root, 'lab/images/udp-reflector.ts')} 7 &
reflector=$!
"$NODE" ${join(root, 'src/probes/agent/main.mjs')} <&3 &
agent=$!
sleep 1.5; ip link set lo down; sleep 0.5; ip link set lo up
wait $agent; kill $reflector`

const stream = (name: string, address: string, everyMs: number) => ({
  name,
  kind: 'udp',
  class: 'packets',
  from: 'client',
  to: 'target',
  address,
  port: 7,
  everyMs,
  timeoutMs: 300,
  sessions: 0,
})

test('UDP streams keep their slots over IPv4 and IPv6, whatever becomes of the link', { timeout: 30_000 }, async () => {
  const child = spawn('unshare', ['--net', 'sh', '-c', script], {
    env: { ...process.env, NODE: process.execPath, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  })
  const output: string[] = []
  child.stdout?.setEncoding('utf8').on('data', (text: string) => output.push(text))
  const input = child.stdio[3]
  if (!(input instanceof Object) || !('write' in input)) throw new TypeError('no pipe to the agent')
  input.write(`${JSON.stringify({ streams: [stream('fast', '127.0.0.1', 5), stream('six', '::1', 20)] })}\n`)
  await sleep(3500)
  input.write('{"stop":true}\n')
  await once(child, 'close')
  const facts = output.join('').trim().split('\n')
  const probes = facts.flatMap(toldIn)
  expect(facts.map(parseAgentLine).filter(({ type }) => type === 'unreadable' || type === 'stream-failed')).toEqual([])
  expect(facts.at(-1)).toContain('"closed"')
  const of = (name: string) => probes.filter((probe) => probe.stream === name)
  const fast = of('fast')
  expect(fast.length).toBeGreaterThan(400)
  expect(new Set(fast.map(({ seq }) => seq)).size).toBe(fast.length)
  expect(fast.filter(({ sentMs, dueMs }) => !(sentMs >= dueMs))).toEqual([])
  expect(fast.filter(({ sentMs, receivedMs }) => receivedMs !== null && !(receivedMs > sentMs))).toEqual([])
  expect(fast.filter(({ receivedMs }) => receivedMs === null).length).toBeGreaterThan(50)
  expect(fast.toSorted((one, other) => other.seq - one.seq)[0]?.receivedMs).not.toBeNull()
  const answered = of('six').filter(({ receivedMs }) => receivedMs !== null)
  expect(answered.length).toBeGreaterThan(50)
  const counts = answered.map(({ reflected }) => reflected)
  expect(counts).toEqual(counts.map((_, index) => index + 1))
})
