import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type Server, type Socket, createServer } from 'node:net'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Event, EventOf, EventType, Fact } from '../model/event.ts'
import { type Lab, labSchema } from '../model/lab.ts'
import type { Clock } from '../ports/clock.ts'
import type { Recorder } from '../ports/recorder.ts'
import type { RemoteProcess, Shell } from '../ports/shell.ts'
import { startVantage } from './vantage.ts'

const lab: Lab = labSchema.parse({
  lab: 'one',
  networks: { lan: { vlan: 102, subnet: '127.0.0.0/8' } },
  machines: {
    client: { image: 'client', nics: { lan: '127.0.0.2/8' } },
    target: { image: 'target', nics: { lan: '127.0.0.1/8' } },
  },
  pair: {
    primary: 'client',
    secondary: 'target',
    vips: [{ network: 'lan', vhid: 1, address: '127.0.0.9/8', skew: {}, password: 'x' }],
  },
})
const clock: Clock = {
  nowMs: () => performance.now(),
  sleep: async (ms, signal) => await delay(ms, undefined, { signal }),
}

let folder: string
let server: Server
let port: number
/** The folders of all agents so far. */
const folders = new Set<string>()
let events: Event[]
let recorder: Recorder
let abort: AbortController
let programs: ChildProcessWithoutNullStreams[]
let sockets: Socket[]
/** What the echo service does with each chunk. */
let answer: (socket: Socket, chunk: Buffer) => void

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-test-'))
  // Instead of OpenSSH: a program of the same name that echoes, as `ssh ... cat` does.
  await writeFile(join(folder, 'ssh'), '#!/bin/sh\n[ "$1" = -V ] && { echo OpenSSH_test >&2; exit; }\nexec cat\n')
  await chmod(join(folder, 'ssh'), 0o755)
  server = createServer((socket) => {
    sockets.push(socket)
    socket.on('data', (chunk) => answer(socket, chunk)).on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})

afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true })
})

beforeEach(() => {
  events = []
  programs = []
  sockets = []
  abort = new AbortController()
  answer = (socket, chunk) => void socket.write(chunk)
  recorder = { events, record: (fact) => recorded(fact) }
})

afterEach(async () => {
  abort.abort()
  for (const socket of sockets) socket.destroy()
  for (const program of programs)
    if (program.exitCode === null && program.signalCode === null) await once(program, 'close')
})

function recorded(fact: Fact): Event {
  const event: Event = { ...fact, atMs: clock.nowMs() }
  events.push(event)
  return event
}

/** Runs commands on this very machine. */
const shell: Shell = {
  run: async (_, command, { input = '' }) => {
    const program = local(command)
    program.stdin.on('error', () => {}) // it may end without reading
    program.stdin.end(input)
    const code = await new Promise((resolve) => program.on('close', resolve))
    if (code !== 0) throw new Error(`exit code ${String(code)}`)
    return ''
  },
  spawn: async (_, command, { signal, onLine, onErrorLine }): Promise<RemoteProcess> => {
    const program = local(command)
    createInterface({ input: program.stdout }).on('line', onLine)
    createInterface({ input: program.stderr }).on('line', onErrorLine)
    program.stdin.on('error', () => {})
    const ended = new Promise<number | null>((resolve) => program.on('close', resolve))
    signal.addEventListener('abort', () => program.stdin.end())
    return { write: (line) => void program.stdin.write(`${line}\n`), end: () => void program.stdin.end(), ended }
  },
  close: async () => {},
}

function local(command: string): ChildProcessWithoutNullStreams {
  for (const found of command.matchAll(/\/tmp\/firedrill-agent-[0-9a-f]+/g)) folders.add(found[0])
  const path = [folder, process.env['PATH']].join(delimiter)
  const program = spawn('/bin/sh', ['-c', command], { env: { ...process.env, PATH: path } })
  programs.push(program)
  return program
}

const start = async (use: Record<string, { kind: string; params: Record<string, unknown> }>, through = shell) =>
  await startVantage({
    machine: 'client',
    streams: Object.entries(use).map(([name, given]) => ({ name, use: given })),
    lab,
    shell: through,
    recorder,
    clock,
    signal: abort.signal,
  })

test('sessions with a machine that reflects nothing are withheld with the reason, and nothing is started for them alone', async () => {
  const streams = [{ name: 'held', use: held() }]
  const options = { machine: 'client', streams, lab, shell, recorder, clock, signal: abort.signal }
  const alone = await startVantage({ ...options, reflectors: [] })
  await alone.stop()
  expect(events).toMatchObject([{ type: 'stream-withheld', stream: 'held' }])
  expect(of('stream-withheld')[0]?.reason).toContain('target is no reflector')
  expect(programs).toEqual([])
  const named = await startVantage({ ...options, reflectors: ['target'] })
  await named.stop()
  expect(of('stream-opened').map(({ stream }) => stream)).toEqual(['held'])
})

const ends = { from: 'client', to: 'target', every: 50 }
const held = (sessions = 1) => ({ kind: 'tcp-session', params: { ...ends, sessions, port } })
const sshHeld = { kind: 'ssh-session', params: { ...ends, sessions: 2 } }

const of = <T extends EventType>(type: T): EventOf<T>[] =>
  events.filter((event): event is EventOf<T> => event.type === type)

/** Each message, or each echo, by stream, session and number. */
const rowsOf = (type: 'messages' | 'echoes'): string[] =>
  of(type).flatMap(({ stream, sessions, seqs }) => sessions.map((session, row) => `${stream} ${session} ${seqs[row]}`))

test('sessions are opened, every message is echoed in order, and the streams are closed properly', async () => {
  const vantage = await start({ held: held(20), shell: sshHeld })
  await delay(1500)
  await vantage.stop()
  expect(of('stream-failed')).toEqual([])
  expect(of('session-closed')).toEqual([])
  expect(
    of('session-opened')
      .map(({ stream }) => stream)
      .toSorted(),
  ).toEqual([...Array.from({ length: 20 }, () => 'held'), 'shell', 'shell'])
  expect(rowsOf('messages').length).toBeGreaterThan(22 * 20)
  expect(rowsOf('echoes').toSorted()).toEqual(rowsOf('messages').toSorted())
  expect(of('stream-opened').find(({ stream }) => stream === 'shell')?.settings).toMatchObject({
    address: '127.0.0.1',
    ServerAliveInterval: '0',
    TCPKeepAlive: 'no',
    client: 'OpenSSH_test',
  })
  expect(events.at(-1)).toMatchObject({ type: 'streams-closed', machine: 'client' })
})

test('the clock of the vantage machine is related to ours at the start, every few seconds and at the end', async () => {
  const vantage = await start({ held: held() })
  await delay(2300)
  await vantage.stop()
  const syncs = of('clock-sync')
  expect(syncs.length).toBeGreaterThanOrEqual(7)
  const offsets = syncs.map(({ sentMs, remoteMs, receivedMs }) => ({
    low: sentMs - remoteMs,
    high: receivedMs - remoteMs,
  }))
  // Both clocks are this machine's: one offset fits every pair.
  expect(Math.max(...offsets.map(({ low }) => low))).toBeLessThanOrEqual(
    Math.min(...offsets.map(({ high }) => high)) + 0.01,
  )
})

test('a reset is a closed session with its cause', async () => {
  answer = (socket) => void socket.resetAndDestroy()
  const vantage = await start({ held: held() })
  await delay(500)
  await vantage.stop()
  expect(of('session-closed').map(({ cause }) => cause)).toEqual(['ECONNRESET'])
  expect(of('session-opened')).toHaveLength(1)
})

test('a server that hangs up is a closed session too', async () => {
  answer = (socket) => void socket.end()
  const vantage = await start({ held: held() })
  await delay(500)
  await vantage.stop()
  expect(of('session-closed').map(({ cause }) => cause)).toEqual(['FIN'])
})

test('an echo with one wrong byte is corruption', async () => {
  answer = (socket, chunk) =>
    void socket.write(Buffer.concat([chunk.subarray(0, 15), Buffer.from([chunk.readUInt8(15) ^ 1])]))
  const vantage = await start({ held: held() })
  await delay(500)
  await vantage.stop()
  expect(of('session-closed').map(({ cause }) => cause)).toEqual([expect.stringMatching(/^corrupt: /)])
})

test('a silent server leaves the session open and its messages without echo, and the end waits for them no longer than their time', async () => {
  answer = () => {}
  const vantage = await start({ held: held() })
  await delay(500)
  await vantage.sampleSockets()
  const [told] = of('socket-sample').flatMap((sample) => sample.sockets)
  expect(told?.session).toBe(0)
  expect(told?.tcp).toMatch(/^ESTAB .*rto:\d+/)
  const stoppedAt = performance.now()
  await vantage.stop()
  expect(performance.now() - stoppedAt).toBeGreaterThan(1900)
  expect(performance.now() - stoppedAt).toBeLessThan(4000)
  expect(of('session-closed')).toEqual([])
  expect(rowsOf('messages').length).toBeGreaterThan(3)
  expect(rowsOf('echoes')).toEqual([])
  expect(events.at(-1)?.type).toBe('streams-closed')
})

test('an agent that is killed is a failure of its streams, never an orderly end', async () => {
  const vantage = await start({ held: held(), shell: sshHeld })
  await delay(300)
  programs.at(-1)?.kill('SIGKILL')
  programs.at(-1)?.stdin.destroy()
  await delay(500)
  await vantage.stop()
  expect(of('stream-failed').map(({ stream }) => stream)).toEqual(['held', 'shell'])
  expect(of('streams-closed')).toEqual([])
})

test.each([
  [
    'cannot be installed',
    { run: async () => await Promise.reject(new Error('read-only file system')) },
    'read-only file system',
  ],
  ['cannot be started', { spawn: async () => await Promise.reject(new Error('no channel')) }, 'no channel'],
])('an agent that %s is a failure of its streams', async (_, broken, reason) => {
  const vantage = await start({ held: held() }, { ...shell, ...broken })
  await vantage.stop()
  expect(events).toMatchObject([
    { type: 'stream-failed', stream: 'held', reason: `the probe agent on client did not start: ${reason}` },
  ])
})

test('an agent that ends before it answers is a failure of its streams with its last words', async () => {
  const failing: Shell = {
    ...shell,
    spawn: async (machine, _, options) => await shell.spawn(machine, 'echo "node: not found" >&2; exit 127', options),
  }
  await (await start({ held: held() }, failing)).stop()
  expect(of('stream-failed').map(({ reason }) => reason)).toEqual([expect.stringContaining('node: not found')])
})

test('an agent whose input ends is gone at once, with the programs that it has started', async () => {
  await start({ shell: sshHeld })
  await delay(300)
  const program = programs.at(-1)
  const ended = new Promise((resolve) => program?.on('close', resolve))
  const endedAt = performance.now()
  program?.stdin.end()
  // The pipes close only when no child holds them any more.
  await ended
  expect(performance.now() - endedAt).toBeLessThan(1000)
})

test('no agent of all the above has left files behind', () => {
  expect(folders.size).toBeGreaterThan(7)
  expect([...folders].filter((path) => existsSync(path))).toEqual([])
})
