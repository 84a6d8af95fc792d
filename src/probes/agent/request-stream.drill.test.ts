import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AgentStream } from '../agent-stream.ts'
import { parseAgentLine } from '../agent-line.ts'

type Probe = Extract<ReturnType<typeof parseAgentLine>, { type: 'probe' }>

const main = fileURLToPath(new URL('./main.mjs', import.meta.url))
let folder: string

/** Web servers on 80 and 443, silence on 9 and on 203.0.113.0/24, and a refusal anywhere else. */
const server = `
const { readFileSync } = require('node:fs')
const answer = (request, response) => { response.statusCode = request.url === '/teapot' ? 418 : 200; response.end('x'.repeat(100000)) }
require('node:http').createServer(answer).listen(80, '127.0.0.1')
require('node:https').createServer({ key: readFileSync('key'), cert: readFileSync('cert') }, answer).listen(443, '127.0.0.1')
`

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'firedrill-test-'))
  const request =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x -days 2 -keyout key -out cert'
  execFileSync('openssl', request.split(' '), { cwd: folder, stdio: 'ignore' })
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs the agent for a while in a network namespace of its own; what became of the probes of each stream. */
async function probe(streams: Record<string, Partial<AgentStream>>): Promise<Record<string, Probe[]>> {
  const blackHole = 'nft add table inet t; nft add chain inet t i "{ type filter hook input priority 0; }"'
  const silence = 'nft add rule inet t i tcp dport 9 drop'
  const script = `ip link set lo up; ${blackHole}; ${silence}; "$0" -e "$2" & sleep 0.3; "$0" "$1"; kill $!`
  const agent = spawn('unshare', ['-n', 'sh', '-c', script, process.execPath, main, server], { cwd: folder })
  const lines: ReturnType<typeof parseAgentLine>[] = []
  createInterface({ input: agent.stdout }).on('line', (text) => lines.push(parseAgentLine(text)))
  const common = { address: '127.0.0.1', everyMs: 50, timeoutMs: 300, sessions: 0, port: 80 }
  const wanted = Object.entries(streams).map(([name, stream]) => ({ name, kind: 'tcp-connect', ...common, ...stream }))
  agent.stdin.write(`${JSON.stringify({ streams: wanted })}\n`)
  await delay(1500)
  await end(agent)
  expect(lines.filter(({ type }) => type === 'unreadable' || type === 'stream-failed')).toEqual([])
  const probes = lines.filter((line) => line.type === 'probe').toSorted((one, other) => one.seq - other.seq)
  return Object.fromEntries(Object.keys(streams).map((name) => [name, probes.filter(({ stream }) => stream === name)]))
}

async function end(agent: ChildProcessWithoutNullStreams): Promise<void> {
  agent.stdin.write('{"stop":true}\n')
  await once(agent, 'close')
}

/** The different ways in which the probes of a stream ended. */
const outcomesOf = (probes: Probe[] = []) => [
  ...new Set(
    probes.map(({ receivedMs, error, cause }) => error ?? cause ?? (receivedMs === null ? 'lost' : 'answered')),
  ),
]

const http = (request: AgentStream['request'], rest: Partial<AgentStream> = {}) => ({
  kind: 'http',
  ...(request && { request }),
  ...rest,
})

test('a connection and a whole page are answers; silence, a refusal and another status are none, each with its cause', async () => {
  const streams = await probe({
    connected: {},
    refused: { port: 81 },
    silent: { port: 9 },
    unreachable: { address: '203.0.113.1' },
    page: http({ path: '/', status: 200, tls: false }),
    wanted: http({ path: '/teapot', status: 418, tls: false }),
    other: http({ path: '/teapot', status: 200, tls: false }),
    secure: http({ path: '/', status: 200, tls: true }, { port: 443 }),
    plain: http({ path: '/', status: 200, tls: true }),
    nobody: http({ path: '/', status: 200, tls: true }, { port: 81 }),
    mute: http({ path: '/', status: 200, tls: false }, { port: 9 }),
    fresh: { kind: 'udp', isFresh: true, port: 81 },
  })
  const { plain, ...others } = Object.fromEntries(Object.entries(streams).map(([name, all]) => [name, outcomesOf(all)]))
  expect(others).toEqual({
    connected: ['answered'],
    refused: ['ECONNREFUSED'],
    silent: ['no connection in time'],
    unreachable: ['ENETUNREACH'],
    page: ['answered'],
    wanted: ['answered'],
    other: ['HTTP 418'],
    secure: ['answered'],
    nobody: ['ECONNREFUSED'],
    mute: ['no answer in time'],
    fresh: ['no answer in time'],
  })
  expect(plain).not.toContain('answered')
  expect(streams['unreachable']?.every(({ error }) => error === 'ENETUNREACH')).toBe(true)
  expect(streams['refused']?.every(({ error }) => error === undefined)).toBe(true)
})

test('every slot is asked once, whatever becomes of the answers', async () => {
  const { silent = [], connected = [] } = await probe({ silent: { port: 9 }, connected: {} })
  for (const probes of [silent, connected]) {
    expect(probes.length).toBeGreaterThan(15)
    expect(probes.map(({ seq }) => seq)).toEqual([...probes.keys()])
  }
})
