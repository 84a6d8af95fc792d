import fc from 'fast-check'
import { beforeEach, expect, test, vi } from 'vitest'
import { HeldSession } from './held-session.mjs'
import { SessionRows } from './session-rows.mjs'
import type { LinkEvents, Transport } from './transport.ts'

interface Line {
  type: string
  seqs?: number[]
  cause?: string
}

const agent = vi.hoisted(() => {
  const lines: Line[] = []
  return { lines, nowMs: 0 }
})
vi.mock('./clock.mjs', () => ({ nowMs: () => agent.nowMs, toMicrosecond: (ms: number) => ms }))
vi.mock('./output.mjs', () => ({ emit: (line: Line) => agent.lines.push(line) }))

let rows: { messages: SessionRows; echoes: SessionRows }
let links: { events: LinkEvents; written: Buffer[]; isClosed: boolean }[]
let session: HeldSession

const transport: Transport = {
  settings: {},
  encode: (number, seq) => Buffer.from(`${number}/${seq}\n`),
  open(_, events) {
    const link: (typeof links)[number] = { events, written: [], isClosed: false }
    links.push(link)
    return {
      owner: () => ({ port: 1 }),
      write: (bytes) => void link.written.push(bytes),
      close: () => void (link.isClosed = true),
    }
  },
}

beforeEach(() => {
  agent.lines.length = 0
  agent.nowMs = 0
  links = []
  renew()
})

function renew() {
  rows = { messages: new SessionRows('messages', 'held'), echoes: new SessionRows('echoes', 'held') }
  session = new HeldSession('held', 3, transport, rows)
  session.allowOpening()
}

const types = () => {
  rows.messages.flush()
  rows.echoes.flush()
  return agent.lines.map(({ type }) => type)
}

function opened() {
  session.tick()
  const [link] = links
  if (link === undefined) throw new Error('it did not open')
  link.events.onOpen()
  return link
}

test('echoes are matched byte for byte, however they are cut', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), (size) => {
      agent.lines.length = 0
      links = []
      renew()
      const link = opened()
      for (let n = 0; n < 15; n += 1) session.tick()
      const bytes = Buffer.concat(link.written)
      for (let at = 0; at < bytes.length; at += size) link.events.onData(bytes.subarray(at, at + size))
      rows.echoes.flush()
      const echoes = agent.lines.filter(({ type }) => type === 'echoes')
      expect(echoes.flatMap(({ seqs }) => seqs)).toEqual([...Array(15).keys()])
      expect(session.isSettled).toBe(true)
    }),
  )
})

test('a session is settled once every message is back', () => {
  const link = opened()
  session.tick()
  expect(session.isSettled).toBe(false)
  link.events.onData(Buffer.from('3/0\n'))
  expect(session.isSettled).toBe(true)
  session.end()
  expect(types()).toEqual(['session-opened', 'messages', 'echoes'])
  expect(link.isClosed).toBe(true)
})

test.each(['3/1\n', '4/0\n', 'x', '3/0\n3/0\n'])(
  '%j instead of the echo is corruption, and the end of the session',
  (came) => {
    const link = opened()
    session.tick()
    link.events.onData(Buffer.from(came))
    expect(agent.lines.at(-1)).toMatchObject({ type: 'session-closed', session: 3 })
    expect(agent.lines.at(-1)?.cause).toMatch(/^corrupt: expected the echo of message \d, came /)
    expect(link.isClosed).toBe(true)
    session.tick()
    expect(links).toHaveLength(1)
  },
)

test('a session that breaks says why, and is never opened again', () => {
  const link = opened()
  link.events.onClose('ECONNRESET')
  agent.nowMs = 60_000
  session.tick()
  expect(agent.lines).toMatchObject([{ type: 'session-opened' }, { type: 'session-closed', cause: 'ECONNRESET' }])
  expect(links).toHaveLength(1)
})

test('opening is tried again after a second; a session that never opened says why', () => {
  session.tick()
  links[0]?.events.onClose('ECONNREFUSED')
  agent.nowMs = 900
  session.tick()
  expect(links).toHaveLength(1)
  agent.nowMs = 1100
  session.tick()
  expect(links).toHaveLength(2)
  session.end()
  expect(agent.lines).toMatchObject([{ type: 'session-closed', cause: 'never opened: ECONNREFUSED' }])
})
